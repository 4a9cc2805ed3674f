using System.Collections.Immutable;
using StreamHub.Domain.Access;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;

namespace StreamHub.Tests.Domain.Apps;

public sealed class AppTests
{
    private static readonly App Sales = new(AppSlug.Parse("sales"), "Sales", new AppRuntime.Command(["serve", "{port}"], "/health"))
    {
        Args = ["--fast"],
        Env = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add("MODE", "prod"),
    };

    /// <summary>The app as it was read a second time, changed.</summary>
    public static TheoryData<App, bool> Drafts => new()
    {
        { Again(), true },
        { Again() with { Name = "Turnover", IdleTimeout = TimeSpan.FromHours(1), Instances = InstanceMode.PerUser }, true },
        { Again() with { Args = ["--slow"] }, false },
        { Again() with { Args = [] }, false },
        { Again() with { Env = Sales.Env.SetItem("MODE", "test") }, false },
        { Again() with { Env = Sales.Env.Clear() }, false },
        { Again() with { Runtime = new AppRuntime.Command(["serve", "{port}", "-v"], "/health") }, false },
        { Again() with { Runtime = new AppRuntime.Command(["serve", "{port}"], "/Health") }, false },
        { Again() with { Runtime = new AppRuntime.Command(["serve", "{port}"], null) }, false },
        { Again() with { Runtime = new AppRuntime.Streamlit("/apps/sales.py", null) }, false },
    };

    [Theory]
    [MemberData(nameof(Drafts))]
    public void Only_what_the_process_sees_makes_another_run(App draft, bool alike) => Sales.RunsLike(draft).Should().Be(alike);

    [Fact]
    public void A_command_is_equal_by_its_words_and_has_their_hash()
    {
        var (command, again) = (Sales.Runtime, Again().Runtime);
        again.Should().Be(command);
        again.GetHashCode().Should().Be(command!.GetHashCode());
        ((AppRuntime.Command)command!).Equals(null).Should().BeFalse();
        new AppRuntime.Command([], null).GetHashCode().Should().NotBe(command!.GetHashCode());
    }

    [Fact]
    public void An_app_serves_below_its_slug() => Sales.BasePath.Should().Be("app/sales");

    [Fact]
    public void A_shared_app_has_one_instance_and_another_one_for_each_user()
    {
        var kim = UserName.Parse("kim");
        InstanceKey.For(Sales, kim).Should().Be(new InstanceKey(Sales.Slug));
        InstanceKey.For(Sales with { Instances = InstanceMode.PerUser }, kim).Should().Be(new InstanceKey(Sales.Slug, kim));
        InstanceKey.For(Sales, kim).ToString().Should().Be("sales");
        new InstanceKey(Sales.Slug, kim).ToString().Should().Be("sales@kim");
    }

    [Fact]
    public void A_run_is_reached_by_the_literal_address()
    {
        new AppEndpoint(8501).Origin.Should().Be("http://127.0.0.1:8501");
        new AppEndpoint(8501).ToString().Should().Be("127.0.0.1:8501");
    }

    private static App Again() => Sales with
    {
        Runtime = new AppRuntime.Command(["serve", "{port}"], "/health"),
        Args = ["--fast"],
        Env = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add("MODE", "prod"),
    };
}
