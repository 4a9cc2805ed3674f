using System.Diagnostics;
using StreamHub.Tests.Server;

namespace StreamHub.Tests.TestKit;

/// <summary>An app as its author starts it by hand, without the hub.</summary>
internal sealed class AloneApp : IAsyncDisposable
{
    private readonly PortBlock ports = PortBlock.Take();
    private Process? process;

    private AloneApp()
    {
    }

    public string Origin => $"http://127.0.0.1:{ports.First}";

    /// <summary>Runs a script by <c>streamlit run</c>, in its folder.</summary>
    /// <param name="environment">Variables, by the origin of the app.</param>
    public static Task<AloneApp> StreamlitAsync(string python, string script, Func<string, (string Name, string Value)[]> environment) =>
        StartAsync(script, "/_stcore/health", environment, port => [python, "-m", "streamlit", "run", script, "--server.address=127.0.0.1", $"--server.port={port}", "--server.headless=true", "--browser.gatherUsageStats=false"]);

    /// <summary>Runs a web program that takes its port and the prefix of its addresses.</summary>
    public static Task<AloneApp> CommandAsync(string script, Func<string, (string Name, string Value)[]> environment) => StartAsync(script, "/", environment, port => ["python3", script, $"{port}", ""]);

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            await Tool.SignalAsync(process.Id, "KILL");
            await process.WaitForExitAsync();
            process.Dispose();
        }

        ports.Dispose();
    }

    private static async Task<AloneApp> StartAsync(string script, string health, Func<string, (string Name, string Value)[]> environment, Func<int, string[]> command)
    {
        var app = new AloneApp();
        var words = command(app.ports.First);
        var start = new ProcessStartInfo(words[0], words[1..]) { WorkingDirectory = Path.GetDirectoryName(script)! };
        foreach (var (name, value) in environment(app.Origin))
        {
            start.Environment[name] = value;
        }

        app.process = Process.Start(start)!;
        using var client = new HttpClient();
        await Eventually.TrueAsync(async () =>
        {
            try
            {
                using var answer = await client.GetAsync(new Uri(app.Origin + health));
                return answer.IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                app.process.HasExited.Should().BeFalse(string.Join(' ', words));
                return false;
            }
        });
        return app;
    }
}
