using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.EndToEnd.Differential;

/// <summary><c>streamlit run</c>, as an author starts it in a terminal.</summary>
internal sealed class StockStreamlit : IAsyncDisposable
{
    private readonly Process process;

    private StockStreamlit(Process process, int port) => (this.process, Page) = (process, new Uri($"http://127.0.0.1:{port}/"));

    public Uri Page { get; }

    /// <param name="environment">All variables of the process.</param>
    public static async Task<StockStreamlit> StartAsync(string python, ObserverProject project, string[] args, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken)
    {
        var port = FreePort();
        string[] words = [ProgramOf(python), "run", project.Script, "--server.port", port.ToString(CultureInfo.InvariantCulture), "--server.address", "127.0.0.1", "--server.headless", "true", "--", .. args];
        var start = new ProcessStartInfo(python, words)
        {
            WorkingDirectory = project.Root, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false,
        };
        start.Environment.Clear();
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var stock = new StockStreamlit(Process.Start(start)!, port);
        stock.process.OutputDataReceived += (_, _) => { };
        stock.process.ErrorDataReceived += (_, _) => { };
        stock.process.BeginOutputReadLine();
        stock.process.BeginErrorReadLine();
        using var http = new HttpClient();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await IsReadyAsync(http, new Uri(stock.Page, "_stcore/health"), cancellationToken))
        {
            stock.process.HasExited.Should().BeFalse("streamlit run serves until it is ended");
            await timer.WaitForNextTickAsync(cancellationToken);
        }

        return stock;
    }

    /// <summary>The program <c>streamlit</c> of an environment.</summary>
    public static string ProgramOf(string python) => Path.Combine(Path.GetDirectoryName(python)!, "streamlit");

    public async ValueTask DisposeAsync()
    {
        await Tool.SignalAsync(process.Id, "KILL");
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task<bool> IsReadyAsync(HttpClient http, Uri health, CancellationToken cancellationToken)
    {
        try
        {
            return (await http.GetAsync(health, cancellationToken)).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
