using StreamHub.Domain.Access;

namespace StreamHub.Tests.Domain.Access;

public sealed class AddressRangeTests
{
    [Theory]
    [InlineData("10.0.0.5", "10.0.0.5")]
    [InlineData("10.0.0.5/32", "10.0.0.5")]
    [InlineData("10.1.0.0/16", "10.1.0.0/16")]
    [InlineData("0.0.0.0/0", "0.0.0.0/0")]
    [InlineData("::ffff:10.1.0.0/112", "10.1.0.0/16")]
    [InlineData("::ffff:0:0/96", "0.0.0.0/0")]
    [InlineData("::/0", "::/0")]
    [InlineData("2001:DB8::/32", "2001:db8::/32")]
    [InlineData("::1/128", "::1")]
    public void A_range_has_one_text(string text, string canonical)
    {
        AddressRange.Parse(text).ToString().Should().Be(canonical);
        AddressRange.Parse(canonical).Should().Be(AddressRange.Parse(text));
    }

    [Theory]
    [InlineData("10.1.2.3/16")]
    [InlineData("2001:db8::1/32")]
    [InlineData("::ffff:10.1.2.3/112")]
    [InlineData("10.0.0.0/33")]
    [InlineData("::/129")]
    [InlineData("10.0.0.0/")]
    [InlineData("10.0.0.0/08")]
    [InlineData("10.0.0.0/+8")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("10.0.0.0/8/8")]
    [InlineData("10.0.0.0 /8")]
    [InlineData("10.0.0.0/255.0.0.0")]
    [InlineData("10/8")]
    [InlineData("/8")]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("::ffff:10.0.0.0/8")]
    public void What_is_not_plainly_a_range_is_refused(string? text) => AddressRange.TryParse(text, out _).Should().BeFalse();

    [Theory]
    [InlineData("10.1.0.0/16", "10.1.0.0", true)]
    [InlineData("10.1.0.0/16", "10.1.255.255", true)]
    [InlineData("10.1.0.0/16", "10.0.255.255", false)]
    [InlineData("10.1.0.0/16", "10.2.0.0", false)]
    [InlineData("10.0.0.4/31", "10.0.0.5", true)]
    [InlineData("10.0.0.4/31", "10.0.0.6", false)]
    [InlineData("0.0.0.0/0", "255.255.255.255", true)]
    [InlineData("0.0.0.0/0", "::1", false)]
    [InlineData("::/0", "10.0.0.1", false)]
    [InlineData("::/0", "::ffff:10.0.0.1", false)]
    [InlineData("::/80", "10.0.0.1", false)]
    [InlineData("::/0", "2001:db8::1", true)]
    [InlineData("2001:db8::/32", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", true)]
    [InlineData("2001:db8::/32", "2001:db9::", false)]
    public void A_range_holds_its_addresses_and_no_other(string range, string address, bool holds) =>
        AddressRange.Parse(range).Contains(ClientAddress.Parse(address)).Should().Be(holds);

    [Theory]
    [InlineData("10.0.0.0/8", "10.1.0.0/16", true)]
    [InlineData("10.0.0.0/8", "11.0.0.0/8", false)]
    [InlineData("::/0", "10.0.0.0/8", false)]
    [InlineData("10.0.0.5", "10.0.0.5", true)]
    public void Overlap_is_symmetric(string one, string other, bool overlaps)
    {
        AddressRange.Parse(one).Overlaps(AddressRange.Parse(other)).Should().Be(overlaps);
        AddressRange.Parse(other).Overlaps(AddressRange.Parse(one)).Should().Be(overlaps);
    }
}
