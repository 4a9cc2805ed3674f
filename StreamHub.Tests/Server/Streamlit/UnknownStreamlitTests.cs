using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Server.Apps;
using StreamHub.Server.Entries;
using StreamHub.Server.Runs;
using StreamHub.Server.Runtimes;
using StreamHub.Tests.Server.Streamlit;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Server.Streamlit;

/// <summary>Under a Streamlit that is built otherwise, an app runs, and what is missing is named.</summary>
public sealed class UnknownStreamlitTests
{
    [Fact]
    public async Task An_app_runs_and_what_its_Streamlit_has_no_place_for_is_named_in_its_output_and_on_its_page()
    {
        await using var hub = await FullHub.StartAsync();
        var script = Path.Combine(TestDirectory.Create(), "app.py");
        await File.WriteAllTextAsync(script, "ends");
        var entry = new AppEntry
        {
            Slug = "odd",
            Name = "Odd",
            Script = script,
            Env = new Dictionary<string, string> { ["PYTHONPATH"] = Path.Combine(AppContext.BaseDirectory, "Server", "Apps", "standin"), ["STREAMLIT_CLIENT_TOOLBAR_MODE"] = "auto" },
        };
        (await hub.Editor.SaveAppAsync(entry, null, FullHub.Actor, CancellationToken.None)).Errors.Should().BeEmpty();
        var slug = AppSlug.Parse("odd");
        var details = hub.Get<StartDetails>();

        var before = details.Of(slug)!;
        before.IsStarted.Should().BeFalse();
        before.Facts.Options.Should().Contain(new StartOption("client.toolbarMode", "auto", StartSource.Entry)).And.Contain(new StartOption("runner.postScriptGC", "false", StartSource.Suggested));
        before.CommandLine.Should().StartWith($"cd {Path.GetDirectoryName(script)} && python3 -u ").And.Contain($" run {script} --server.address=127.0.0.1 ");

        await hub.RunAsync(new InstanceKey(slug));
        var log = string.Join('\n', hub.Control.LogTail(new InstanceKey(slug), 50));
        foreach (var name in (string[])["options", "routing", "report", "access"])
        {
            log.Should().Contain($"StreamHub cannot hook this Streamlit: {name} (");
        }

        await Eventually.TrueAsync(() => hub.Get<RunReports>().Of(slug).Any(known => known.Report.Unhooked.Contains("report")));
        details.Of(slug)!.Variables.Should().Contain(new StartView.Variable("PYTHONPATH", StartSource.Entry)).And.Contain(new StartView.Variable("STREAMHUB_RUN", StartSource.Required));
    }

    /// <summary>Streamlit, and the server in it, with other names inside: what a patch replaces, and what one needs while the app runs.</summary>
    [Fact]
    public async Task Each_hook_that_a_Streamlit_with_other_names_inside_has_no_place_for_is_named_and_sessions_work()
    {
        (string Names, string Unhooked)[] versions =
        [
            ("_config_options_template MemorySessionStorage _run_script", "code options resume scripts"),
            ("_session_id _user_routes session_storage uuid4", "resume routes routing scripts"),
            ("_pages_manager close_session LocalSourcesWatcher is_manually_set", "checks code resume"),
            ("set_value get_static_dir", "environment suggestions"),
            ("loaded_app", "report"),
        ];
        await using var hub = await FullHub.StartAsync(null, $"Python={await E2E.StreamlitPythonAsync()}");
        await hub.AddUserAsync("kim", "admin", "127.0.0.7");
        var script = Path.Combine(TestDirectory.Create(), "app.py");
        await File.WriteAllTextAsync(script, "import streamlit\nstreamlit.write('It runs')\n", TestContext.Current.CancellationToken);

        var seen = await Task.WhenAll(versions.Select(async (version, number) =>
        {
            var slug = AppSlug.Parse($"version-{number}");
            var renamed = version.Names.Split(' ').Select(name => name == "uuid4" ? "uuid4=uuid1" : $"{name}={name}_2");
            var entry = new AppEntry
            {
                Slug = $"{slug}",
                Name = $"{slug}",
                Script = script,
                Env = new Dictionary<string, string> { ["PYTHONPATH"] = Path.Combine(AppContext.BaseDirectory, "Server", "Apps", "renamed"), ["RENAMED"] = string.Join(' ', renamed) },
            };
            (await hub.Editor.SaveAppAsync(entry, null, FullHub.Actor, CancellationToken.None)).Errors.Should().BeEmpty();
            await hub.RunAsync(new InstanceKey(slug));
            (await StreamlitSession.VisitAsync(hub, "127.0.0.7", $"{slug}")).Text.Should().Contain("It runs", version.Names);
            var log = hub.Control.LogTail(new InstanceKey(slug), 50);
            RunReport? report = null;
            await Eventually.TrueAsync(() => (report = hub.Get<RunReports>().Of(slug).FirstOrDefault().Report) is not null);
            foreach (var name in report!.Unhooked)
            {
                log.Should().Contain(line => line.Contains($"StreamHub cannot hook this Streamlit: {name} (", StringComparison.Ordinal));
            }

            return (version.Names, string.Join(' ', report.Unhooked.Order(StringComparer.Ordinal)));
        }));

        seen.Should().Equal(versions);
        string.Join(' ', versions.Select(version => version.Unhooked)).Split(' ').Append("access").Should().Contain(RunReport.Hooks);
    }
}
