using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using StreamHub.Domain.Apps;
using StreamHub.Server.Hosting;

namespace StreamHub.Server.Instances.Runtimes;

/// <summary>Which Streamlit each interpreter has. An interpreter is asked once in the hub's life.</summary>
public sealed partial class StreamlitInstallations(HubSettings settings, SteadyClock clock, ILogger<StreamlitInstallations> logger)
{
    // Finds the package without importing it. -I would also drop the user's site-packages, where pip may have put it.
    private const string Question = """
        import importlib.metadata as m, importlib.util as u, json, os
        s = u.find_spec("streamlit")
        print(json.dumps({"folder": os.path.dirname(s.origin), "version": m.version("streamlit")} if s else None))
        """;

    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(20);
    private readonly ConcurrentDictionary<string, Lazy<Task<StreamlitInstallation?>>> byPython = new(StringComparer.Ordinal);

    /// <summary>The Streamlit that an app runs on, if it is known by now; the first call begins to find out.</summary>
    public StreamlitInstallation? Known(App app)
    {
        ArgumentNullException.ThrowIfNull(app);
        if (app.Runtime is not AppRuntime.Streamlit streamlit)
        {
            return null;
        }

        var asked = FindAsync(streamlit.Python ?? settings.Python);
        return asked.IsCompletedSuccessfully ? asked.GetAwaiter().GetResult() : null;
    }

    /// <summary>The Streamlit of an interpreter; null when there is no such interpreter or it has none.</summary>
    public Task<StreamlitInstallation?> FindAsync(string python) =>
        byPython.GetOrAdd(python, path => new(() => AskAsync(path))).Value;

    private async Task<StreamlitInstallation?> AskAsync(string python)
    {
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(python, ["-c", Question])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                RedirectStandardInput = true,
                WorkingDirectory = AppContext.BaseDirectory,
                CreateNoWindow = true,
            },
        };
        process.StartInfo.Environment.Clear();
        foreach (var (name, value) in AppEnvironment.Inherit().Append(new("PYTHONSAFEPATH", "1")))
        {
            process.StartInfo.Environment[name] = value;
        }

        using var timeout = new CancellationTokenSource(AnswerTimeout, clock.TimeProvider);
        try
        {
            process.Start();
            process.StandardInput.Close();
            var errors = process.StandardError.ReadToEndAsync(timeout.Token);
            var answer = await process.StandardOutput.ReadToEndAsync(timeout.Token);
            await errors;
            await process.WaitForExitAsync(timeout.Token);
            var found = process.ExitCode == 0 ? JsonSerializer.Deserialize<StreamlitInstallation>(answer, JsonSerializerOptions.Web) : null;
            Log.Found(logger, python, found?.Version ?? "none");
            return found;
        }
        catch (Exception exception) when (exception is Win32Exception or IOException or JsonException or OperationCanceledException)
        {
            Log.NotAsked(logger, python, exception.Message);
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1401, LogLevel.Information, "The interpreter {Python} has Streamlit {Version}")]
        public static partial void Found(ILogger logger, string python, string version);

        [LoggerMessage(1402, LogLevel.Information, "The interpreter {Python} could not be asked for Streamlit: {Message}")]
        public static partial void NotAsked(ILogger logger, string python, string message);
    }
}
