using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace StreamHub.Domain.Access;

/// <summary>
/// A single address or a CIDR range (RFC 4632) of one family. A range written in IPv4-mapped form is the IPv4 range.
/// </summary>
public readonly record struct AddressRange
{
    private const int MappedLength = 96;

    private AddressRange(ClientAddress network, int bits)
    {
        Network = network;
        Bits = bits;
    }

    /// <summary>The first address of the range.</summary>
    public ClientAddress Network { get; }

    /// <summary>Significant leading bits in IPv6 space (0 to 128); an IPv4 /8 has 104.</summary>
    public int Bits { get; }

    /// <summary>The prefix length as written for the range's family: 0 to 32 for IPv4, 0 to 128 for IPv6.</summary>
    public int PrefixLength => IsIPv4 ? Bits - MappedLength : Bits;

    /// <summary>Whether the range contains IPv4 addresses; it then contains no IPv6 address.</summary>
    public bool IsIPv4 => Bits >= MappedLength && Network.IsIPv4;

    /// <summary>Whether the range is a single address.</summary>
    public bool IsSingle => Bits == 128;

    /// <summary>The expected format, for messages.</summary>
    public static string Expected => "an address or a CIDR range";

    public static AddressRange Single(ClientAddress address) => new(address, 128);

    /// <summary>
    /// Parses <c>10.1.2.3</c>, <c>10.1.0.0/16</c>, <c>2001:db8::/32</c>. Bits set after the prefix are rejected:
    /// <c>10.1.2.3/16</c> is probably a typing error.
    /// </summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out AddressRange range)
    {
        range = default;
        if (text is null)
        {
            return false;
        }

        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (!ClientAddress.TryParse(slash < 0 ? text : text[..slash], out var network))
        {
            return false;
        }

        if (slash < 0)
        {
            range = Single(network);
            return true;
        }

        var suffix = text.AsSpan(slash + 1);
        if (suffix.Length is 0 or > 3 || (suffix.Length > 1 && suffix[0] == '0')
            || !int.TryParse(suffix, NumberStyles.None, CultureInfo.InvariantCulture, out var length))
        {
            return false;
        }

        var dotted = !text.AsSpan(0, slash).Contains(':');
        var bits = dotted ? length + MappedLength : length;
        if (bits > 128 || (network.Bits & ~Mask(bits)) != 0)
        {
            return false;
        }

        range = new AddressRange(network, bits);
        return true;
    }

    /// <summary>Parses a valid range.</summary>
    /// <exception cref="FormatException">The text is not a range.</exception>
    public static AddressRange Parse(string text) =>
        TryParse(text, out var range) ? range : throw new FormatException($"'{text}' is not {Expected}.");

    /// <summary>Whether the address lies in this range. An IPv6 range never contains an IPv4 address.</summary>
    public bool Contains(ClientAddress address) =>
        address.IsIPv4 == IsIPv4 && (address.Bits & Mask(Bits)) == Network.Bits;

    /// <summary>Whether the two ranges share an address.</summary>
    public bool Overlaps(AddressRange other) =>
        Bits <= other.Bits ? Contains(other.Network) : other.Contains(Network);

    /// <summary>
    /// Whether the range is wider than the role may have without explicit confirmation: an admin beyond /29 (IPv6 /64, the
    /// smallest network that IPv6 assigns), a user beyond /16 (IPv6 /48, one site).
    /// </summary>
    public bool IsTooWide(Role role) => PrefixLength < Widest(role);

    /// <summary>The shortest prefix that a role may have without explicit confirmation, in this range's family.</summary>
    public int Widest(Role role) => (role, IsIPv4) switch
    {
        (Role.Admin, true) => 29,
        (Role.Admin, false) => 64,
        (_, true) => 16,
        (_, false) => 48,
    };

    /// <summary>The containing range with <paramref name="bits"/> in IPv6 space.</summary>
    internal AddressRange Widen(int bits) => new(ClientAddress.FromBits(Network.Bits & Mask(bits)), bits);

    /// <summary>The network part of an address under a prefix of <paramref name="bits"/> in IPv6 space.</summary>
    internal static UInt128 Mask(int bits) => bits == 0 ? UInt128.Zero : UInt128.MaxValue << (128 - bits);

    /// <summary>The canonical text; without a prefix length for a single address.</summary>
    public override string ToString() =>
        IsSingle ? Network.ToString() : string.Create(CultureInfo.InvariantCulture, $"{Network}/{PrefixLength}");
}
