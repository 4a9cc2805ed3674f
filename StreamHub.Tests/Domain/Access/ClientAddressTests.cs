using System.Net;
using CsCheck;
using StreamHub.Domain.Access;

namespace StreamHub.Tests.Domain.Access;

public sealed class ClientAddressTests
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
}
