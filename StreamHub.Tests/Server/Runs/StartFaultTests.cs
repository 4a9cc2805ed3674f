using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Localization;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Supervision;
using StreamHub.Server.Entries;
using StreamHub.Server.Resources;
using StreamHub.Server.Runs;
using StreamHub.Server.Runtimes;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Server.Runs;

/// <summary>Why real processes do not become ready: told while they start, and afterwards.</summary>
public sealed class StartFaultTests
{
    [Theory]
    [InlineData("hang", StartFault.Cause.Slow, null, "{limit}")]
    [InlineData("mute", StartFault.Cause.Mute, null, "{limit}")]
    [InlineData("unhealthy", StartFault.Cause.Unhealthy, "/app/x/ 404", "/app/x/ 404")]
    [InlineData("elsewhere", StartFault.Cause.Elsewhere, "127.0.0.1:{other}", "127.0.0.1:{other}")]
    [InlineData("v6", StartFault.Cause.Elsewhere, "[::1]:{port}", "[::1]:{port}")]
    [InlineData("tls", StartFault.Cause.Encrypted, null, null)]
    public async Task A_run_that_is_not_ready_says_why(string habit, StartFault.Cause cause, string? whileStarting, string? afterwards)
    {
        // Longer where that was too short for this machine: until then the program has to begin, and the hub to look.
        foreach (var limit in (int[])[4, 16, 64])
        {
            var (found, seen, exit) = await StartAsync(habit, cause, limit);
            if (seen?.Kind == cause && exit.Output.Fault?.Kind == cause)
            {
                seen.Should().Be(new StartFault(cause, Fill(whileStarting)));
                (exit.Outcome, exit.Output.Fault).Should().Be((new ExitOutcome.Ended(StopReason.StartTimeout, TimeSpan.FromSeconds(limit)), new StartFault(cause, Fill(afterwards))));
                return;
            }

            limit.Should().BeLessThan(64, "the cause was {0} while it started and {1} afterwards", seen, exit.Output.Fault);

            string? Fill(string? text) => text?.Replace("{port}", $"{found.Port}", StringComparison.Ordinal).Replace("{other}", $"{found.Other}", StringComparison.Ordinal)
                .Replace("{limit}", $"{limit}s", StringComparison.Ordinal);
        }
    }

    private static async Task<((int Port, int Other) Found, StartFault? Seen, RunExit Exit)> StartAsync(string habit, StartFault.Cause cause, int limit)
    {
        await using var hub = await FullHub.StartVariantAsync(
            new HubVariant(static settings => settings with { Checks = settings.Checks with { UsualStart = TimeSpan.FromMilliseconds(100) } }), null, $"Apps:StartTimeout={limit}s", "Apps:AnswerTimeout=1s");
        using var block = PortBlock.Take();
        var key = await hub.AddAppAsync("x", habit, habit == "tls" ? CreateCertificate() : $"{block.First}");
        var faults = hub.Get<StartFaults>();

        hub.Supervisor.Post(new HubEvent.Requested(key));

        var starting = (await hub.WaitForAsync(key, instance => instance.StartingRun?.Process is not null)).StartingRun!;
        StartFault? seen = null;
        await Eventually.TrueAsync(() => hub.Supervisor.State.Find(key)!.LastExit is not null || (seen = faults.Of(starting.Id))?.Kind == cause);
        var exit = (await hub.WaitForAsync(key, instance => instance.LastExit is not null)).LastExit!;
        faults.Of(starting.Id).Should().BeNull();
        var crash = await hub.ReadHistoryAsync(log => Task.FromResult(log.Crashes(key.App) is [.., var first] ? first : null));
        (crash.Fault, crash.ErrorLine).Should().Be((exit.Output.Fault, null));
        return ((starting.Process!.Endpoint.Port, block.First), seen, exit);
    }

    [Fact]
    public async Task A_Python_without_Streamlit_is_named()
    {
        await using var hub = await FullHub.StartAsync();
        var folder = TestDirectory.Create();
        await File.WriteAllTextAsync(Path.Combine(folder, "streamlit.py"), "raise ModuleNotFoundError(\"No module named 'streamlit'\")\n");
        await File.WriteAllTextAsync(Path.Combine(folder, "app.py"), "");
        var entry = new AppEntry { Slug = "bare", Name = "bare", Runtime = "streamlit", Script = Path.Combine(folder, "app.py"), Env = new Dictionary<string, string> { ["PYTHONPATH"] = folder } };
        (await hub.Editor.SaveAppAsync(entry, null, FullHub.Actor, CancellationToken.None)).Errors.Should().BeEmpty();
        var key = new InstanceKey(AppSlug.Parse("bare"));

        hub.Supervisor.Post(new HubEvent.Requested(key));

        var fault = (await hub.WaitForAsync(key, instance => instance.LastExit is not null)).LastExit!.Output.Fault!;
        (fault.Kind, Path.GetFileName(fault.Detail)).Should().Be((StartFault.Cause.NoFramework, Path.GetFileName(fault.Detail)!.StartsWith("python3", StringComparison.Ordinal) ? Path.GetFileName(fault.Detail) : "python3"));
    }

    [Theory]
    [InlineData("/app/x/ 404", true)]
    [InlineData("/app/x/ 500", false)]
    [InlineData("/ 404", false)]
    public async Task An_app_that_does_not_know_its_prefix_is_told_of_strip(string answer, bool isTold)
    {
        await using var hub = await FullHub.StartAsync();
        FaultText.Of(new StartFault(StartFault.Cause.Unhealthy, answer), hub.Get<IStringLocalizer<UserText>>())
            .Should().StartWith($"The app answers its health check with an error: {answer}").And.Match(text => text.Contains("strip", StringComparison.Ordinal) == isTold);
    }

    [Theory]
    [InlineData("Port 18500 is not available", "18500")]
    [InlineData("ERROR:    [Errno 98] error while attempting to bind on address ('127.0.0.1', 18500): address already in use", "18500")]
    [InlineData("Error: listen EADDRINUSE: address already in use 127.0.0.1:18500", "18500")]
    [InlineData("Error: listen EADDRINUSE: address already in use 127.0.0.1:9000", null)]
    [InlineData("Listening on port 18500", null)]
    public async Task A_run_that_found_its_port_taken_is_known_by_its_output(string line, string? port)
    {
        await using var hub = await FullHub.StartAsync();
        var app = new App(AppSlug.Parse("x"), "x", new AppRuntime.Command(["x"], null));
        hub.Get<RuntimeAdapters>().Of(app).ReadFault(["started", line], new AppEndpoint(18500)).Should().Be(port is null ? null : new StartFault(StartFault.Cause.PortTaken, port));
    }

    private static string CreateCertificate()
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        var file = Path.Combine(TestDirectory.Create(), "server.pem");
        File.WriteAllText(file, certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem());
        return file;
    }
}
