using System.Net;
using System.Net.Http.Json;
using System.Runtime.Versioning;
using System.Text.Json;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Faults;

/// <summary>The admin who registers and removes people all the time, and remembers what the hub said yes to.</summary>
[SupportedOSPlatform("linux")]
internal sealed class Editor(FaultHub hub, Random random) : IWorker
{
    private const string Who = "editor";
    private const int People = 8;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(60);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly PersonaClient persona = new("127.0.0.2");
    private readonly SemaphoreSlim turn = new(1);

    /// <summary>What was acknowledged: the address of a person, null for one who was removed. Who is missing may be either way.</summary>
    private readonly Dictionary<string, string?> acknowledged = new(StringComparer.Ordinal);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await turn.WaitAsync(CancellationToken.None);
            try
            {
                await EditAsync($"guest-{random.Next(People)}", random.Next(4) == 0 ? null : $"127.1.{random.Next(256)}.{random.Next(1, 255)}");
            }
            finally
            {
                turn.Release();
            }

            await Task.Delay(Pause, TimeProvider.System, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Compares what was acknowledged with what is there.</summary>
    public async Task CheckAsync()
    {
        await turn.WaitAsync();
        try
        {
            var there = (await hub.ReadAsync("users")).EnumerateArray().ToDictionary(
                person => person.GetProperty("name").GetString()!, person => person.GetProperty("addresses").EnumerateArray().First().GetString());
            foreach (var (name, address) in acknowledged)
            {
                if (there.GetValueOrDefault(name) != address)
                {
                    hub.History.Violate("I3", Who, $"{name} was acknowledged at {address ?? "nothing"} and is at {there.GetValueOrDefault(name) ?? "nothing"}");
                }
            }
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose()
    {
        persona.Dispose();
        turn.Dispose();
    }

    private async Task EditAsync(string name, string? address)
    {
        // Until it is answered nobody knows.
        var known = acknowledged.Remove(name, out var before);
        using var request = new HttpRequestMessage(address is null ? HttpMethod.Delete : HttpMethod.Put, $"{hub.Process.AdminOrigin}/api/v1/users/{name}")
        {
            Content = address is null ? null : JsonContent.Create(new { role = "user", addresses = new[] { address }, apps = new[] { "alpha" } }),
        };
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            using var answer = await persona.Http.SendAsync(request, patience.Token);
            if (answer.IsSuccessStatusCode)
            {
                acknowledged[name] = address;
            }
            else if (answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.BadRequest)
            {
                // Nobody to remove, or an address that somebody else has: nothing was changed.
                if (known)
                {
                    acknowledged[name] = before;
                }
            }
            else
            {
                hub.History.Note(Who, $"{request.Method} {name}: {(int)answer.StatusCode}");
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException or JsonException)
        {
            hub.History.Note(Who, $"{request.Method} {name} got no answer");
        }
    }
}
