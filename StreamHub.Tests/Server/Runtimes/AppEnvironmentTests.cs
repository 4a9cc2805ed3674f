using System.Net;
using System.Text.Json;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Server.Runtimes;

/// <summary>What the hub was started with is the hub's.</summary>
public sealed class AppEnvironmentTests
{
    private const string Secret = "s3cret";

    private static readonly string[] Allowed =
    [
        "PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "LD_LIBRARY_PATH", "DOTNET_ROOT",
        "PYTHONUNBUFFERED", "PYTHONIOENCODING", "PYTHONSAFEPATH", "STREAMHUB_RUN", "STREAMHUB_PAIRING", "OWN",

        // What a shell adds: an interpreter may be a script.
        "PWD", "OLDPWD", "SHLVL", "_",
    ];

    [Fact]
    public async Task An_app_sees_the_allow_list_and_its_own_variables_of_a_hub_full_of_secrets()
    {
        // The interpreter that is asked for its Streamlit is an app's, too.
        var folder = new DirectoryInfo(TestDirectory.Create());
        var (interpreter, seen) = (Path.Combine(folder.FullName, "python"), Path.Combine(folder.FullName, "seen"));
        await File.WriteAllTextAsync(interpreter, $"#!/bin/sh\nenv > '{seen}'\nexec python3 \"$@\"\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(interpreter, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        await using var hub = await HubProcess.StartAsync(
            HubProcess.Built with
            {
                Environment =
                [
                    ("ASPNETCORE_Kestrel__Certificates__Default__Password", Secret), ("ConnectionStrings__Hub", Secret), ("HUB_TOKEN", Secret),
                    ("STREAMHUB_TOKEN", Secret), ("StreamHub__Token", Secret), ("AWS_SECRET_ACCESS_KEY", Secret), ("STREAMHUB_RUN", Secret),
                ],
            },
            $"--StreamHub:Python={interpreter}");
        (await File.ReadAllLinesAsync(seen)).Select(line => line.Split('=')[0]).Except(Allowed).Should().BeEmpty();

        using var admin = new PersonaClient("127.0.0.1");
        (await DemoVisit.ClaimAsync(admin, hub.ClaimLink!)).Should().Be(HttpStatusCode.SeeOther);
        (await File.ReadAllTextAsync($"/proc/{await DemoVisit.OpenAsync(hub, admin)}/environ")).Should().Contain("STREAMHUB_RUN=").And.NotContain(Secret);

        var file = Path.Combine(folder.FullName, "hub.json");
        var server = Path.Combine(AppContext.BaseDirectory, "Server", "Apps", "server.py");
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(new
        {
            apps = new[] { new { slug = "env", name = "Env", runtime = "command", command = (string[])["python3", server, "{port}"], env = new { OWN = "x" } } },
        }));
        var (code, output) = await hub.CommandAsync("apply", file);
        code.Should().Be(0, output);
        var environment = JsonSerializer.Deserialize<Dictionary<string, string>>(await AnswerAsync(admin, $"{hub.UsersOrigin}/app/env/environ"))!;
        environment.Keys.Except(Allowed).Where(name => !name.Contains("PYENV_", StringComparison.Ordinal)).Should().BeEmpty("a python3 that is a shim adds its own");
        environment.Values.Should().NotContain(value => value.Contains(Secret));
        environment.Should().ContainKey("PATH").And.Contain("OWN", "x");
        folder.Delete(recursive: true);
    }

    private static async Task<string> AnswerAsync(PersonaClient persona, string address)
    {
        using var patience = new CancellationTokenSource(FullHub.Patience);
        persona.Http.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            using var answer = await persona.Http.GetAsync(new Uri(address), patience.Token);
            if (answer.StatusCode == HttpStatusCode.OK)
            {
                return await answer.Content.ReadAsStringAsync(patience.Token);
            }

            answer.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
            await timer.WaitForNextTickAsync(patience.Token);
        }
    }
}
