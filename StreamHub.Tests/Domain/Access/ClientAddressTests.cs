using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using CsCheck;
using StreamHub.Domain.Access;

namespace StreamHub.Tests.Domain.Access;

public sealed partial class ClientAddressTests
{
    [Theory]
    [InlineData("10.0.0.5", "10.0.0.5")]
    [InlineData("::ffff:10.0.0.5", "10.0.0.5")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::")]
    [InlineData("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::")]
    [InlineData("fe80::1", "fe80::")]
    public void Site_is_the_address_itself_or_its_64(string address, string site) =>
        ClientAddress.Parse(address).Site.Should().Be(ClientAddress.Parse(site));

    [Theory]
    [InlineData("10.0.0.5", "::ffff:10.0.0.5")]
    [InlineData("10.0.0.5", "::FFFF:a00:5")]
    [InlineData("10.0.0.5", "0:0:0:0:0:ffff:0a00:0005")]
    [InlineData("2001:db8::1", "2001:0DB8:0000:0000:0000:0000:0000:0001")]
    [InlineData("::1", "0:0:0:0:0:0:0:1")]
    public void Every_spelling_is_one_identity(string one, string other)
    {
        ClientAddress.Parse(other).Should().Be(ClientAddress.Parse(one));
        ClientAddress.Parse(other).ToString().Should().Be(one);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData(" 10.0.0.5")]
    [InlineData("10.0.0.5 ")]
    [InlineData("010.0.0.5")]
    [InlineData("10.5")]
    [InlineData("0x0a000005")]
    [InlineData("167772165")]
    [InlineData("10.0.0.300")]
    [InlineData("10.0.0.5.")]
    [InlineData("10.0.0.5:80")]
    [InlineData("[::1]")]
    [InlineData("[::1]:80")]
    [InlineData("fe80::1%eth0")]
    [InlineData("fe80::1%2")]
    [InlineData("::1 ")]
    [InlineData(" ::1")]
    [InlineData("::1/128")]
    [InlineData("1::2::3")]
    [InlineData("::ffff:010.0.0.5")]
    [InlineData("::ffff:10.5")]
    [InlineData("localhost")]
    [InlineData("１０.0.0.5")]
    public void What_is_not_plainly_an_address_is_refused(string? text) =>
        ClientAddress.TryParse(text, out _).Should().BeFalse();

    [Theory]
    [InlineData("10.1.2.3", "10.1.2.3")]
    [InlineData("10.1.2.3:56655", "10.1.2.3")]
    [InlineData("10.1.2.3:1", "10.1.2.3")]
    [InlineData("10.1.2.3:65535", "10.1.2.3")]
    [InlineData("2001:db8::7", "2001:db8::7")]
    [InlineData("[2001:db8::7]", "2001:db8::7")]
    [InlineData("[2001:db8::7]:443", "2001:db8::7")]
    [InlineData("[2001:0DB8:0:0::0007]:443", "2001:db8::7")]
    [InlineData("[::ffff:10.1.2.3]:443", "10.1.2.3")]
    public void A_forwarded_address_may_have_brackets_and_a_port(string text, string address)
    {
        ClientAddress.TryParseForwarded(text, out var parsed).Should().BeTrue();
        parsed.Should().Be(ClientAddress.Parse(address));
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("1.2.3.4:")]
    [InlineData("1.2.3.4:x")]
    [InlineData("1.2.3.4:99999")]
    [InlineData("1.2.3.4:65536")]
    [InlineData("1.2.3.4:0")]
    [InlineData("1.2.3.4:080")]
    [InlineData("1.2.3.4:+80")]
    [InlineData("1.2.3.4:-80")]
    [InlineData("1.2.3.4:8 0")]
    [InlineData("1.2.3.4:80\0")]
    [InlineData("1.2.3.4:８０")]
    [InlineData("1.2.3.4 :80")]
    [InlineData("1.2.3.4: 80")]
    [InlineData("1.2.3.4::80")]
    [InlineData("1.2.3.4:80:80")]
    [InlineData("1.2.3.4:80.")]
    [InlineData("1.2.3:80")]
    [InlineData("01.2.3.4:80")]
    [InlineData(":80")]
    [InlineData("[1.2.3.4]")]
    [InlineData("[1.2.3.4]:1")]
    [InlineData("[2001:db8::7")]
    [InlineData("2001:db8::7]")]
    [InlineData("2001:db8::7]:443")]
    [InlineData("[2001:db8::7:443")]
    [InlineData("[2001:db8::7]:")]
    [InlineData("[2001:db8::7]:0")]
    [InlineData("[2001:db8::7]:99999")]
    [InlineData("[2001:db8::7] :443")]
    [InlineData("[2001:db8::7]443")]
    [InlineData("[2001:db8::7]]:443")]
    [InlineData("[[2001:db8::7]]:443")]
    [InlineData("[2001:db8::7]:443:443")]
    [InlineData("[2001:db8::7]:443]")]
    [InlineData("[ 2001:db8::7]")]
    [InlineData("[fe80::1%eth0]:443")]
    [InlineData("[::1/128]")]
    [InlineData("[]")]
    [InlineData("[]:443")]
    [InlineData("[")]
    [InlineData("2001:db8::7:56655")]
    [InlineData("1:2:3:4:5:6:7:8:443")]
    [InlineData("::ffff:1.2.3.4:80")]
    [InlineData("localhost:80")]
    [InlineData("\"[::1]:80\"")]
    public void An_ambiguous_forwarded_address_is_refused(string? text) =>
        ClientAddress.TryParseForwarded(text, out _).Should().BeFalse();

    [Fact]
    public void A_forwarded_address_with_one_character_changed_means_what_it_says_or_nothing() =>
        Gen.Select(Gen.Byte.Array[16], Gen.Bool, Gen.Int[1, 65535], Gen.Int[0, 3], Gen.Int[0, 60], Gen.Char["0159af:.[]% x\0,"], Gen.Int[0, 3]).Sample((bytes, isIPv4, port, form, at, other, change) =>
        {
            var address = ClientAddress.From(new IPAddress(isIPv4 ? bytes[12..] : bytes)).ToString();
            var host = address.Contains(':', StringComparison.Ordinal) && form > 0 ? $"[{address}]" : address;
            var text = form > 1 ? $"{host}:{port}" : host;
            at %= text.Length;
            text = change switch { 1 => text.Remove(at, 1), 2 => text.Insert(at, other.ToString()), 3 => text.Remove(at, 1).Insert(at, other.ToString()), _ => text };
            var isParsed = ClientAddress.TryParseForwarded(text, out var parsed);
            var match = Forwarded().Match(text);
            var isAddress = ClientAddress.TryParse(match.Groups["v4"].Success ? match.Groups["v4"].Value : match.Groups["v6"].Value, out var expected);
            var isExpected = isAddress && (!match.Groups["port"].Success || int.Parse(match.Groups["port"].Value, CultureInfo.InvariantCulture) <= 65535);
            return isParsed == isExpected && (!isParsed || parsed == expected) && (change > 0 || parsed.ToString() == address);
        });

    [Fact]
    public void The_zone_of_a_socket_address_is_dropped() =>
        ClientAddress.From(IPAddress.Parse("fe80::1%3")).Should().Be(ClientAddress.Parse("fe80::1"));

    [Fact]
    public void A_dual_mode_socket_reports_the_same_identity() =>
        ClientAddress.From(IPAddress.Parse("10.0.0.5").MapToIPv6()).Should().Be(ClientAddress.From(IPAddress.Parse("10.0.0.5")));

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.255.0.9", true)]
    [InlineData("::ffff:127.0.0.1", true)]
    [InlineData("::1", true)]
    [InlineData("128.0.0.1", false)]
    [InlineData("::", false)]
    [InlineData("::2", false)]
    public void Loopback_is_known(string text, bool loopback) => ClientAddress.Parse(text).IsLoopback.Should().Be(loopback);

    [Fact]
    public void The_text_of_any_address_parses_back_to_it() =>
        Gen.Byte.Array[16].Select(Gen.Bool).Sample((bytes, isIPv4) =>
        {
            var address = ClientAddress.From(new IPAddress(isIPv4 ? bytes[12..] : bytes));
            return ClientAddress.Parse(address.ToString()) == address && ClientAddress.From(address.ToIPAddress()) == address;
        });

    // ADDRESS, IPV4:PORT, [IPV6] and [IPV6]:PORT.
    [GeneratedRegex(@"^(?:(?<v4>[0-9.]+)(?::(?<port>[1-9][0-9]{0,4}))?|(?<v6>[0-9a-f]*:[0-9a-f:.]*)|\[(?<v6>[0-9a-f]*:[0-9a-f:.]*)\](?::(?<port>[1-9][0-9]{0,4}))?)\z")]
    private static partial Regex Forwarded();
}
