using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.EndToEnd;

/// <summary>A real hub with a real Streamlit app "sales", an admin at 127.0.0.1 and a user "kim" at 127.0.0.7.</summary>
internal sealed partial class SalesHub : IAsyncDisposable
{
    private readonly PersonaClient admin = new("127.0.0.1");

    private SalesHub(HubProcess hub, Browser browser)
    {
        Hub = hub;
        Browser = browser;
        Kim = new SourceForwarder("127.0.0.7", hub.UsersPort);
        Stranger = new SourceForwarder("127.0.0.9", hub.UsersPort);
    }

    public HubProcess Hub { get; }

    public Browser Browser { get; }

    /// <summary>The users' listener as kim reaches it.</summary>
    public SourceForwarder Kim { get; }

    /// <summary>How a dialog names kim, and how long they have done nothing: less than ten minutes.</summary>
    [GeneratedRegex(@"^kim \(127\.0\.0\.7\), since .+, idle for 00:0\d:\d\d$")]
    public static partial Regex KimIsIdle { get; }

    /// <summary>The users' listener as nobody in particular reaches it.</summary>
    public SourceForwarder Stranger { get; }

    /// <summary>Starts everything; the admin has claimed the hub.</summary>
    /// <param name="settings">Further configuration, as <c>--StreamHub:Apps:StartTimeout=5s</c>.</param>
    public static Task<SalesHub> StartAsync(params string[] settings) => StartAsync(HubProcess.Built, settings);

    /// <summary>Starts everything, the hub another way.</summary>
    public static async Task<SalesHub> StartAsync(HubLaunch launch, params string[] settings)
    {
        var python = await E2E.StreamlitPythonAsync();
        var browser = await Browser.LaunchAsync();
        var hub = await HubProcess.StartAsync(launch, [$"--StreamHub:Python={python}", "--StreamHub:Apps:Ports=19000-19400", .. settings]);
        var sales = new SalesHub(hub, browser);
        return await sales.WithAsync(async () =>
        {
            using var claimed = await sales.admin.ClaimAsync(hub.ClaimLink!);
            claimed.StatusCode.Should().Be(HttpStatusCode.SeeOther);
            await sales.ApplyAsync(
                users: [new { name = "kim", role = "user", addresses = new[] { "127.0.0.7" }, apps = new[] { "sales" } }],
                apps: [new { slug = "sales", name = "Sales", runtime = "streamlit", script = Script("sales.py") }]);
        });
    }

    /// <summary>Prepares more; where that fails nothing stays behind.</summary>
    public async Task<SalesHub> WithAsync(Func<Task> prepare)
    {
        try
        {
            await prepare();
            return this;
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    /// <summary>The path of an app of the tests.</summary>
    public static string Script(string name) => Path.Combine(AppContext.BaseDirectory, "EndToEnd", "Apps", name);

    /// <summary>Applies a declarative file with the verb, while the hub runs, and waits until it is in force.</summary>
    public async Task ApplyAsync(object[] users, object[] apps)
    {
        var file = Path.Combine(Hub.DataDirectory, "apply.json");
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(new { users, apps }));
        var (code, output) = await Hub.VerbAsync("apply", file);
        code.Should().Be(0, output);

        await Eventually.TrueAsync(async () => await AreInForceAsync("/api/v1/users", "name", users) && await AreInForceAsync("/api/v1/apps", "slug", apps));
    }

    /// <summary>Whether what entries say is what the API says.</summary>
    private async Task<bool> AreInForceAsync(string path, string key, object[] entries)
    {
        var known = JsonSerializer.Deserialize<JsonElement>(await GetAsync(path)).EnumerateArray().ToDictionary(entry => entry.GetProperty(key).GetString()!);
        return entries.Select(entry => JsonSerializer.SerializeToElement(entry)).All(entry =>
            known.TryGetValue(entry.GetProperty(key).GetString()!, out var now)
            && entry.EnumerateObject().All(member => now.TryGetProperty(member.Name, out var value) && IsSame(value, member.Value)));

        // What is assigned has no order, and an instant more than one spelling.
        static bool IsSame(JsonElement one, JsonElement other) => (one.ValueKind, other.ValueKind) switch
        {
            (JsonValueKind.Array, JsonValueKind.Array) => one.EnumerateArray().Select(item => item.ToString()).Order().SequenceEqual(other.EnumerateArray().Select(item => item.ToString()).Order()),
            (JsonValueKind.String, JsonValueKind.String) when one.TryGetDateTimeOffset(out var instant) && other.TryGetDateTimeOffset(out var same) => instant == same,
            _ => JsonElement.DeepEquals(one, other),
        };
    }

    /// <summary>Asks the admin's API.</summary>
    public async Task<string> GetAsync(string path) => await admin.Http.GetStringAsync(new Uri(Hub.AdminOrigin + path));

    /// <summary>What the API says of an app's instance; undefined when it says nothing.</summary>
    public async Task<JsonElement> InstanceAsync(string slug) =>
        JsonSerializer.Deserialize<JsonElement>(await GetAsync("/api/v1/instances")).EnumerateArray()
            .FirstOrDefault(row => row.GetProperty("slug").GetString() == slug);

    /// <summary>Looks at the instance ten times a second, for at most a minute.</summary>
    public async Task UntilAsync(string slug, Func<JsonElement, bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (await InstanceAsync(slug) is not { ValueKind: JsonValueKind.Object } row || !condition(row))
        {
            await timer.WaitForNextTickAsync(patience.Token);
        }
    }

    /// <summary>Acts through the admin's API.</summary>
    public async Task PostAsync(string path)
    {
        using var answer = await admin.Http.PostAsync(new Uri(Hub.AdminOrigin + path), content: null);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Opens a page of the admin's, and waits until it can be used.</summary>
    public async Task<IPage> OpenAdminAsync(string path, string locale = "en-US", int width = 1280, bool dark = false)
    {
        var page = await Browser.OpenAsync(Hub.AdminOrigin + path, locale, width, dark: dark);
        await Assertions.Expect(page.Locator("html[data-circuit=ready]")).ToHaveCountAsync(1);
        return page;
    }

    /// <summary>Opens the app as kim does, from home, and waits until it shows.</summary>
    /// <param name="script">What runs in each document after home, before its own scripts.</param>
    public async Task<(IPage Page, IFrameLocator App)> OpenAsKimAsync(string? script = null)
    {
        var page = await Browser.OpenAsync(Kim.Origin + "/");
        if (script is not null)
        {
            await page.AddInitScriptAsync(script);
        }

        await page.GetByRole(AriaRole.Link, new() { Name = "Open: Sales" }).ClickAsync();
        var app = page.FrameLocator("iframe");

        // The page that waits for it has the same heading.
        await Assertions.Expect(app.GetByTestId("stApp").GetByRole(AriaRole.Heading, new() { Name = "Sales" })).ToBeVisibleAsync();
        return (page, app);
    }

    public async ValueTask DisposeAsync()
    {
        await Browser.DisposeAsync();
        await Kim.DisposeAsync();
        await Stranger.DisposeAsync();
        await Hub.DisposeAsync();
        admin.Dispose();
    }
}
