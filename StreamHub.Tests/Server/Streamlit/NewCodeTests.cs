using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Server.Streamlit;

/// <summary>What a session runs after somebody has saved a file of its app.</summary>
public sealed class NewCodeTests(NewCodeTests.CodeHub hub) : IClassFixture<NewCodeTests.CodeHub>
{
    [Theory]
    [InlineData("app.py", null)]
    [InlineData("helper.py", null)]
    [InlineData("parts/one.py", null)]
    [InlineData("../src/far.py", null)]
    [InlineData("app.py", "auto")]
    [InlineData("helper.py", "poll")]
    public async Task A_saved_script_or_module_is_what_the_next_session_runs_and_an_open_one_goes_on_with_its_state(string file, string? watcher)
    {
        var slug = $"saved-{Path.GetFileNameWithoutExtension(file)}-{watcher ?? "usual"}";
        var folder = await StartAsync(slug, watcher);
        using var open = await StreamlitSession.OpenAsync(hub.Hub, StreamlitHub.Kim, slug);
        (await open.RunAsync()).Text.Should().Contain("app 1, helper 1, one 1, far 1, run 1");

        await ReplaceAsync(Path.Combine(folder, file), "1", "2");

        var changed = file switch
        {
            "app.py" => "app 2, helper 1, one 1, far 1",
            "helper.py" => "app 1, helper 2, one 1, far 1",
            "parts/one.py" => "app 1, helper 1, one 2, far 1",
            _ => "app 1, helper 1, one 1, far 2",
        };
        await Eventually.TrueAsync(async () => (await VisitAsync(slug)).Text.Contains(changed + ", run 1", StringComparison.Ordinal));
        (await open.RunAsync()).Text.Should().Contain(changed + ", run 2");
    }

    [Theory]
    [InlineData("app.py")]
    [InlineData("helper.py")]
    public async Task A_half_saved_file_ends_no_open_session_and_is_told_until_it_is_whole(string file)
    {
        var slug = $"half-{file[0]}";
        var folder = await StartAsync(slug, null);
        using var open = await StreamlitSession.OpenAsync(hub.Hub, StreamlitHub.Kim, slug);
        (await open.RunAsync()).Text.Should().Contain("run 1");

        // The error is told with its own file, also beside another change.
        await File.AppendAllTextAsync(Path.Combine(folder, "app.py"), "\n", TestContext.Current.CancellationToken);
        var path = Path.Combine(folder, file);
        var whole = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(path, whole + "print((", TestContext.Current.CancellationToken);

        await Eventually.TrueAsync(async () => !(await VisitAsync(slug)).Compiles);
        var (text, compiles) = await open.RunAsync();
        (text.Contains("helper 1, one 1, far 1, run 2", StringComparison.Ordinal), compiles).Should().Be((true, true));
        var row = await hub.SampledAsync(slug, row => row is { Code: not null, Errors: not null });
        (row.Code!.File, row.Code.Error).Should().Be((path, "SyntaxError: '(' was never closed"));
        row.Problem.Should().Be("SyntaxError: '(' was never closed");

        await File.WriteAllTextAsync(path, whole.Replace('1', '2'), TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(async () => (await VisitAsync(slug)).Text.Contains(file == "app.py" ? "app 2" : "helper 2", StringComparison.Ordinal));
        (await hub.SampledAsync(slug, row => row.Code is null)).Errors!.Recent.Should().BePositive();
    }

    [Fact]
    public async Task Where_the_author_has_turned_watching_off_the_change_is_told()
    {
        var folder = await StartAsync("none", "none");
        using var open = await StreamlitSession.OpenAsync(hub.Hub, StreamlitHub.Kim, "none");
        await open.RunAsync();

        await ReplaceAsync(Path.Combine(folder, "helper.py"), "1", "2");

        var row = await hub.SampledAsync("none", row => row.Code is not null);
        row.Code.Should().Match<StreamHub.Domain.Telemetry.CodeNotice>(code => code.File == Path.Combine(folder, "helper.py") && code.Error == null);
        (await VisitAsync("none")).Text.Should().Contain("helper 1");
    }

    private Task<(string Text, bool Compiles)> VisitAsync(string slug) => StreamlitSession.VisitAsync(hub.Hub, StreamlitHub.Kim, slug);

    private async Task<string> StartAsync(string slug, string? watcher)
    {
        var folder = await hub.AddAsync(slug, """
            import sys
            sys.path.append("../src")
            import streamlit as st, helper, far
            from parts import one
            st.session_state.n = st.session_state.get("n", 0) + 1
            st.write(f"app 1, helper {helper.V}, one {one.V}, far {far.V}, run {st.session_state.n}.")
            """);
        Directory.CreateDirectory(Path.Combine(folder, "parts"));
        Directory.CreateDirectory(Path.Combine(folder, "..", "src"));
        await File.WriteAllTextAsync(Path.Combine(folder, "..", "src", "far.py"), "V = 1\n");
        await File.WriteAllTextAsync(Path.Combine(folder, "helper.py"), "V = 1\n");
        await File.WriteAllTextAsync(Path.Combine(folder, "parts", "one.py"), "V = 1\n");
        if (watcher is not null)
        {
            Directory.CreateDirectory(Path.Combine(folder, ".streamlit"));
            await File.WriteAllTextAsync(Path.Combine(folder, ".streamlit", "config.toml"), $"[server]\nfileWatcherType = \"{watcher}\"\n");
        }

        await hub.Hub.RunAsync(new(StreamHub.Domain.Apps.AppSlug.Parse(slug)));
        return folder;
    }

    private static async Task ReplaceAsync(string path, string old, string now)
    {
        var text = await File.ReadAllTextAsync(path);
        await File.WriteAllTextAsync(path, text.Replace(path.EndsWith("app.py", StringComparison.Ordinal) ? $"app {old}" : old, path.EndsWith("app.py", StringComparison.Ordinal) ? $"app {now}" : now, StringComparison.Ordinal));
    }

    public sealed class CodeHub() : StreamlitHub("Apps:CheckInterval=0");
}
