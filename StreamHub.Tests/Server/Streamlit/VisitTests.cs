using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Server.Runs;
using StreamHub.Server.Runtimes;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Server.Streamlit;

/// <summary>What an app's script and its people notice of the hub's own visits.</summary>
public sealed class VisitTests(VisitTests.VisitedHub hub) : IClassFixture<VisitTests.VisitedHub>
{
    // Notes each run, and waits in it as long as the test wants: a call into native code or a sleep, which nothing interrupts.
    private const string Script = """
        import os, time
        import streamlit as st
        from streamlit.runtime import get_instance
        with open("runs.txt", "a") as runs:
            runs.write(f"{st.context.headers.get('X-StreamHub-Check')} {st.user.get('name')}\n")
        while os.path.exists("wait.txt"):
            time.sleep(0.01)
        st.write(f"Sessions: {len(get_instance()._session_mgr.list_sessions())}.")
        """;

    [Fact]
    public async Task A_visit_of_a_running_app_runs_no_code_of_the_author_and_one_before_a_takeover_is_marked_and_both_leave_nothing_behind()
    {
        var folder = await hub.RunAsync("visited", Script);
        var (runs, wait) = (Path.Combine(folder, "runs.txt"), Path.Combine(folder, "wait.txt"));
        (await VisitAsync(runsScript: false)).Should().BeOfType<VisitResult.Finished>();
        File.Exists(runs).Should().BeFalse();

        await File.WriteAllTextAsync(wait, "", TestContext.Current.CancellationToken);
        using var person = await StreamlitSession.OpenAsync(hub.Hub, StreamlitHub.Kim, "visited");
        await person.BeginAsync();
        await Eventually.TrueAsync(() => File.Exists(runs) && new FileInfo(runs).Length > 0);
        (await VisitAsync(runsScript: false)).Should().BeOfType<VisitResult.Finished>();
        File.Delete(wait);
        (await person.FinishAsync()).Text.Should().Contain("Sessions: ");
        (await File.ReadAllLinesAsync(runs, TestContext.Current.CancellationToken)).Should().Equal("None kim");

        (await VisitAsync(runsScript: true)).Should().BeOfType<VisitResult.Finished>();
        (await File.ReadAllLinesAsync(runs, TestContext.Current.CancellationToken)).Should().Equal("None kim", "1 None");
        await Eventually.TrueAsync(async () => (await person.RunAsync()).Text.Contains("Sessions: 1.", StringComparison.Ordinal));

        await File.WriteAllTextAsync(Path.Combine(folder, "app.py"), "print((", TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(async () => await VisitAsync(runsScript: true) is VisitResult.ScriptFailed);
        (await VisitAsync(runsScript: false)).Should().BeOfType<VisitResult.Finished>();
    }

    private Task<VisitResult> VisitAsync(bool runsScript)
    {
        var instance = hub.Hub.Supervisor.State.Find(new InstanceKey(AppSlug.Parse("visited")))!;
        var run = instance.ReadyRun!;
        return hub.Hub.Get<RuntimeAdapters>().Of(instance.App).VisitAsync(
            instance.App, run.Process!.Endpoint, hub.Hub.Get<RunSecrets>().Pairing(run.Id), runsScript, FullHub.Patience, TestContext.Current.CancellationToken);
    }

    public sealed class VisitedHub() : StreamlitHub("Apps:CheckInterval=0");
}
