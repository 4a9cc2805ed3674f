using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Server.Apps;
using StreamHub.Server.Entries;
using StreamHub.Server.Runs;
using StreamHub.Server.Runtimes;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Server.Instances;

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
            Env = new Dictionary<string, string> { ["PYTHONPATH"] = Path.Combine(AppContext.BaseDirectory, "Server", "Instances", "Apps", "standin"), ["STREAMLIT_CLIENT_TOOLBAR_MODE"] = "auto" },
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

        await Eventually.TrueAsync(() => hub.Get<RunReports>().Of(slug).FirstOrDefault()?.Unhooked.Contains("report") == true);
        details.Of(slug)!.Variables.Should().Contain(new StartView.Variable("PYTHONPATH", StartSource.Entry)).And.Contain(new StartView.Variable("STREAMHUB_RUN", StartSource.Required));
    }
}
