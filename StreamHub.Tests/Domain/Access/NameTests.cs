using StreamHub.Domain.Access;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Tokens;

namespace StreamHub.Tests.Domain.Access;

/// <summary>How users, tokens and apps may be called.</summary>
public sealed class NameTests
{
    [Theory]
    [InlineData("kim", "kim")]
    [InlineData("  Kim Lee\t", "Kim Lee")]
    [InlineData("김 민수", "김 민수")]
    [InlineData("a\tb", null)]
    [InlineData("a\u0000", null)]
    [InlineData("   ", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void A_user_may_be_called_so(string? text, string? name)
    {
        UserName.TryParse(text, out var user).Should().Be(name is not null);
        user.ToString().Should().Be(name ?? "");
        user.Should().Be(name is null ? default : UserName.Parse(name));
    }

    [Theory]
    [InlineData("backup-2.x_y", true)]
    [InlineData("백업", true)]
    [InlineData("a b", false)]
    [InlineData("a/b", false)]
    [InlineData("token:a", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_token_may_be_called_so(string? text, bool valid)
    {
        TokenName.TryParse(text, out var token).Should().Be(valid);
        token.ToString().Should().Be(valid ? text : "");
        token.Actor.Should().Be($"token:{(valid ? text : "")}");
    }

    [Theory]
    [InlineData("sales-2", true)]
    [InlineData("Sales", false)]
    [InlineData("sales ", false)]
    [InlineData("ſales", false)]
    [InlineData("a.b", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void An_app_may_be_called_so(string? text, bool valid)
    {
        AppSlug.TryParse(text, out var slug).Should().Be(valid);
        slug.ToString().Should().Be(valid ? text : "");
    }

    [Fact]
    public void Names_end_at_their_longest()
    {
        UserName.TryParse(new string('a', 64), out _).Should().BeTrue();
        UserName.TryParse(new string('a', 65), out var user).Should().BeFalse();
        TokenName.TryParse(new string('a', 50), out _).Should().BeTrue();
        TokenName.TryParse(new string('a', 51), out var token).Should().BeFalse();
        AppSlug.TryParse(new string('a', 63), out _).Should().BeTrue();
        AppSlug.TryParse(new string('a', 64), out var slug).Should().BeFalse();
        (user, token, slug).Should().Be((default(UserName), default(TokenName), default(AppSlug)));
    }

    [Fact]
    public void What_is_wrong_and_what_is_accepted_are_told_together()
    {
        Message(() => UserName.Parse("\t")).Should().Be("'\t' is not a user name: 1 to 64 characters without control characters.");
        Message(() => TokenName.Parse("a b")).Should().Be("'a b' is not a token's name: 1 to 50 letters, digits, '.', '_' and '-'.");
        Message(() => AppSlug.Parse("A")).Should().Be("'A' is not a slug: 1 to 63 of a-z, 0-9 and -.");
        Message(() => AddressRange.Parse("10.0.0.1/8")).Should().Be("'10.0.0.1/8' is not an address or a CIDR range.");
        Message(() => ClientAddress.Parse("10.0.0")).Should().Be("'10.0.0' is not an IP address.");

        static string Message<T>(Func<T> parse) => parse.Should().Throw<FormatException>().Which.Message;
    }
}
