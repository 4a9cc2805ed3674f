using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Telemetry;
using StreamHub.Server.Entries;
using StreamHub.Server.Telemetry;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Server.Streamlit;

/// <summary>A hub with a real Streamlit, and an admin kim, who may open every app.</summary>
/// <param name="settings">Further configuration, as <c>Apps:CheckInterval=1s</c>.</param>
public abstract class StreamlitHub(params string[] settings) : IAsyncLifetime
{
    public const string Kim = "127.0.0.7";

    public FullHub Hub { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Hub = await FullHub.StartAsync(null, [$"Python={await E2E.StreamlitPythonAsync()}", .. settings]);
        await Hub.AddUserAsync("kim", "admin", Kim);
    }

    public async ValueTask DisposeAsync()
    {
        await Hub.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Registers a Streamlit app, and returns its folder with <c>app.py</c>.</summary>
    internal async Task<string> AddAsync(string slug, string code, Func<AppEntry, AppEntry>? with = null)
    {
        var folder = Directory.CreateDirectory(Path.Combine(TestDirectory.Create(), "app")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "app.py"), code);
        var entry = new AppEntry { Slug = slug, Name = slug, Runtime = "streamlit", Script = Path.Combine(folder, "app.py") };
        (await Hub.Editor.SaveAppAsync(with?.Invoke(entry) ?? entry, null, FullHub.Actor, CancellationToken.None)).Errors.Should().BeEmpty();
        return folder;
    }

    /// <summary>Registers a Streamlit app and runs it; returns its folder.</summary>
    internal async Task<string> RunAsync(string slug, string code, Func<AppEntry, AppEntry>? with = null)
    {
        var folder = await AddAsync(slug, code, with);
        await Hub.RunAsync(new InstanceKey(AppSlug.Parse(slug)));
        return folder;
    }

    /// <summary>Waits until the dashboard's row of an app is as it should be.</summary>
    internal async Task<InstanceSample> SampledAsync(string slug, Func<InstanceSample, bool> condition)
    {
        using var patience = new CancellationTokenSource(FullHub.Patience);
        InstanceSample? last = null;
        try
        {
            await foreach (var snapshot in Hub.Get<LiveFeed>().Subscribe(patience.Token))
            {
                last = snapshot.Instances.FirstOrDefault(row => row.Key == slug);
                if (last is not null && condition(last))
                {
                    return last;
                }
            }
        }
        catch (OperationCanceledException exception)
        {
            throw new TimeoutException($"The row did not get there: {last}", exception);
        }

        throw new TimeoutException("The feed ended.");
    }
}
