using StreamHub.Domain.Access;
using StreamHub.Domain.Tokens;

namespace StreamHub.Tests.Domain.Access;

public sealed class ApiTokensTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddDays(1);

    private static readonly ApiTokens Tokens = ApiTokens.Of(
    [
        Token("read", TokenScope.Read), Token("write", TokenScope.Write), Token("ends", TokenScope.Write, Now.AddTicks(1)),
        Token("ended", TokenScope.Write, Now), Token("revoked", TokenScope.Write, isRevoked: true), Token("both", TokenScope.Write, Now, isRevoked: true),
    ]);

    [Theory]
    [InlineData("read", false, "Admitted")]
    [InlineData("read", true, "OutOfScope")]
    [InlineData("write", false, "Admitted")]
    [InlineData("write", true, "Admitted")]
    [InlineData("ends", true, "Admitted")]
    [InlineData("ended", false, "Expired")]
    [InlineData("revoked", false, "Revoked")]
    [InlineData("both", true, "Revoked")]
    [InlineData("READ", false, "Unknown")]
    [InlineData("", false, "Unknown")]
    [InlineData(null, true, "Unknown")]
    public void A_secret_opens_what_its_token_may(string? hash, bool changes, string decision)
    {
        var decided = Tokens.Decide(hash, changes, Now);
        decided.GetType().Name.Should().Be(decision);
        decided.Known?.Hash.Should().Be(hash);
    }

    [Fact]
    public void A_name_is_free_again_once_its_token_is_revoked()
    {
        Tokens.Find(TokenName.Parse("ended")).Should().NotBeNull("its name is in use until it is revoked");
        Tokens.Find(TokenName.Parse("revoked")).Should().BeNull();
    }

    [Theory]
    [InlineData("backup", true)]
    [InlineData("야간-백업_2.0", true)]
    [InlineData("", false)]
    [InlineData("two words", false)]
    [InlineData("a:b", false)]
    [InlineData("a/b", false)]
    [InlineData("line\nbreak", false)]
    [InlineData("123456789012345678901234567890123456789012345678901", false)]
    public void A_name_fits_a_command_line_and_an_address(string text, bool valid)
    {
        TokenName.TryParse(text, out var name).Should().Be(valid);
        if (valid)
        {
            name.Actor.Should().Be("token:" + text);
        }
    }

    private static ApiToken Token(string name, TokenScope scope, DateTimeOffset? expires = null, bool isRevoked = false) =>
        new(name, TokenName.Parse(name), scope, expires, isRevoked);
}
