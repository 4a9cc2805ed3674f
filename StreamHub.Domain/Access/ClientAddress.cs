using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace StreamHub.Domain.Access;

/// <summary>
/// The canonical identity of an IP address in every spelling. IPv4 is stored in its IPv4-mapped form (RFC 4291, 2.5.5.2), so
/// <c>10.0.0.5</c> and <c>::ffff:10.0.0.5</c> are equal; zone ids are dropped.
/// </summary>
public readonly record struct ClientAddress
{
    private static readonly UInt128 MappedPrefix = (UInt128)0xffff << 32;

    private ClientAddress(UInt128 bits) => Bits = bits;

    /// <summary>The 128 bits of the address in IPv6 space, network order.</summary>
    public UInt128 Bits { get; }

    public bool IsIPv4 => Bits >> 32 == 0xffff;

    /// <summary>Whether this is 127.0.0.0/8 or ::1.</summary>
    public bool IsLoopback => IsIPv4 ? (byte)(Bits >> 24) == 127 : Bits == UInt128.One;

    /// <summary>The smallest network that is assigned to one client: the address itself for IPv4, its /64 for IPv6 (RFC 4291, 2.5.1).</summary>
    public ClientAddress Site => IsIPv4 ? this : new(Bits >> 64 << 64);

    internal static ClientAddress FromBits(UInt128 bits) => new(bits);

    /// <summary>Converts an address as reported by the socket. Does not allocate.</summary>
    public static ClientAddress From(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var written);
        return written == 4
            ? new ClientAddress(MappedPrefix | BinaryPrimitives.ReadUInt32BigEndian(bytes))
            : new ClientAddress(BinaryPrimitives.ReadUInt128BigEndian(bytes));
    }

    /// <summary>
    /// Parses one address, strictly: IPv4 in its four-part decimal form only (no <c>010.0.0.5</c>, <c>10.5</c>
    /// or <c>0x0a000005</c>), IPv6 in any spelling without brackets or zone id.
    /// </summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out ClientAddress address)
    {
        address = default;
        if (string.IsNullOrEmpty(text) || text.AsSpan().ContainsAny("[]%") || !IPAddress.TryParse(text, out var parsed))
        {
            return false;
        }

        // The framework also accepts octal, hexadecimal and short forms: only canonical text survives the round trip.
        if (parsed.AddressFamily == AddressFamily.InterNetwork && !string.Equals(parsed.ToString(), text, StringComparison.Ordinal))
        {
            return false;
        }

        address = From(parsed);
        return true;
    }

    /// <summary>
    /// Parses an entry of <c>X-Forwarded-For</c>: an address, to which some proxies (IIS by default) add the client's port:
    /// <c>10.1.2.3:56655</c>, <c>[2001:db8::7]:443</c>, <c>[2001:db8::7]</c>. A port after IPv6 needs the brackets (RFC 3986, 3.2.2):
    /// without them it reads as the end of the address.
    /// </summary>
    public static bool TryParseForwarded([NotNullWhen(true)] string? text, out ClientAddress address)
    {
        address = default;
        if (text is null)
        {
            return false;
        }

        if (text.StartsWith('['))
        {
            var end = text.IndexOf(']', StringComparison.Ordinal);
            return end > 0 && text.AsSpan(1, end - 1).Contains(':') && (end == text.Length - 1 || IsPort(text.AsSpan(end + 1))) && TryParse(text[1..end], out address);
        }

        // IPv4 has no colon, IPv6 at least two.
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 || text.AsSpan(colon + 1).Contains(':')
            ? TryParse(text, out address)
            : IsPort(text.AsSpan(colon)) && TryParse(text[..colon], out address);
    }

    /// <summary>Parses a valid address.</summary>
    /// <exception cref="FormatException">The text is not an address.</exception>
    public static ClientAddress Parse(string text) =>
        TryParse(text, out var address) ? address : throw new FormatException($"'{text}' is not an IP address.");

    /// <summary>The address as the framework's type; IPv4 addresses stay IPv4.</summary>
    public IPAddress ToIPAddress()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, Bits);
        return new IPAddress(IsIPv4 ? bytes[12..] : bytes);
    }

    private static bool IsPort(ReadOnlySpan<char> text) =>
        text is [':', not '0', ..] && !text[1..].ContainsAnyExceptInRange('0', '9') && ushort.TryParse(text[1..], CultureInfo.InvariantCulture, out _);

    /// <summary>The canonical text: dotted IPv4, or RFC 5952 for IPv6.</summary>
    public override string ToString() => ToIPAddress().ToString();
}
