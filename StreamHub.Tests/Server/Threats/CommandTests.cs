using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Supervision;
using StreamHub.Server.Entries;

namespace StreamHub.Tests.Server.Threats;

/// <summary>T33: what an admin enters names one program of this machine and its words, and no shell reads it.</summary>
public sealed class CommandTests(ThreatHub threats) : IClassFixture<ThreatHub>
{
    [Theory]
    [InlineData("")]
    [InlineData("app.py")]
    [InlineData("./app.py")]
    [InlineData("../app.py")]
    [InlineData("~/app.py")]
    [InlineData("file:///srv/app.py")]
    [InlineData("C:app.py")]
    [InlineData("/srv/../etc/app.py")]
    [InlineData("/srv/apps/./app.py")]
    [InlineData("/srv/apps/..")]
    [InlineData("/srv/apps\\..\\app.py")]
    [InlineData("/../srv/app.py")]
    [InlineData("//host/share/app.py")]
    [InlineData("\\\\host\\share\\app.py")]
    [InlineData("/\\host/share/app.py")]
    [InlineData("\\\\?\\C:\\app.py")]
    [InlineData("\\\\.\\pipe\\app")]
    [InlineData("//?/C:/app.py")]
    [InlineData("/srv/app\n.py")]
    [InlineData("/srv/app\u0000.py")]
    [InlineData("/srv/app\u001b[2J.py")]
    public async Task A_script_that_lies_elsewhere_than_it_says_is_refused(string script)
    {
        var result = await threats.Hub.Editor.SaveAppAsync(new AppEntry { Slug = "script", Name = "x", Runtime = "streamlit", Script = script }, null, FullHub.Actor, CancellationToken.None);
        result.Errors.Should().ContainSingle().Which.Path.Should().Be("script");
        threats.Hub.Editor.Export().Apps.Should().NotContain(app => app.Slug == "script");
    }

    [Theory]
    [InlineData("streamlit", "python")]
    [InlineData("command", "command[0]")]
    public async Task A_program_of_another_machine_is_refused(string runtime, string at)
    {
        foreach (var program in (string[])["\\\\host\\share\\python.exe", "//host/share/python", "/srv/../python", "/srv/py\nthon"])
        {
            var entry = new AppEntry { Slug = "script", Name = "x", Runtime = runtime };
            entry = runtime == "streamlit" ? entry with { Script = "/srv/app.py", Python = program } : entry with { Command = [program, "../is/only/a/word"] };
            (await threats.Hub.Editor.SaveAppAsync(entry, null, FullHub.Actor, CancellationToken.None)).Errors.Should().ContainSingle().Which.Path.Should().Be(at);
        }
    }

    [Theory]
    [InlineData("my app.py")]
    [InlineData("a;b & c.py")]
    [InlineData("it's \"quoted\".py")]
    [InlineData("$(touch x)`y`.py")]
    [InlineData("앱.py")]
    [InlineData("a..b...py")]
    public async Task An_odd_name_is_a_name(string name)
    {
        var script = Path.Combine(TestDirectory.Create(), name);
        await File.WriteAllTextAsync(script, "");
        (await threats.Hub.Editor.SaveAppAsync(new AppEntry { Slug = "script", Name = "x", Runtime = "streamlit", Script = script }, null, FullHub.Actor, CancellationToken.None)).Errors.Should().BeEmpty();
        await threats.Hub.Editor.RemoveAppAsync("script", FullHub.Actor, CancellationToken.None);
        Directory.Delete(Path.GetDirectoryName(script)!, recursive: true);
    }

    [Fact]
    public async Task No_shell_reads_the_words_of_a_command()
    {
        var traces = TestDirectory.Create();
        string[] words = ["a b", "", "'", "\"", "\\", "\\\"", $"; touch {traces}/1", $"$(touch {traces}/2)", $"`touch {traces}/3`", $"| touch {traces}/4", $"&& touch {traces}/5", $"> {traces}/6", "*", "~", "$HOME", "%PATH%", "^", "!x", "{basePat}", "--", "-c", "한글"];
        var entry = new AppEntry { Slug = "words", Name = "x", Runtime = "command", Command = ["python3", "-c", "import sys; [print(repr(word)) for word in sys.argv[1:]]; sys.exit(1)", .. words] };
        (await threats.Hub.Editor.SaveAppAsync(entry, null, FullHub.Actor, CancellationToken.None)).Errors.Should().BeEmpty();
        var key = new InstanceKey(AppSlug.Parse("words"));
        threats.Hub.Supervisor.Post(new HubEvent.Requested(key));
        await threats.Hub.WaitForAsync(key, instance => instance.Status is InstanceStatus.Backoff or InstanceStatus.Quarantined);
        var printed = threats.Hub.Control.LogTail(key, 100);
        await threats.Hub.Editor.RemoveAppAsync("words", FullHub.Actor, CancellationToken.None);

        // Python's repr: single quotes unless the word holds one and no double quote; backslashes are doubled.
        printed.Should().Equal(words.Select(word => word.Contains('\'') ? $"\"{word}\"" : $"'{word.Replace("\\", "\\\\", StringComparison.Ordinal)}'"));
        Directory.GetFiles(traces).Should().BeEmpty();
        Directory.Delete(traces);
    }
}
