using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.EndToEnd.Hubs;

/// <summary>
/// A real hub with a real Streamlit app "sales", an admin at 127.0.0.1 and a user "kim" at 127.0.0.7. Tests that share it have users and
/// apps of their own.
/// </summary>
internal sealed partial class SalesHub : IAsyncDisposable
{
    private readonly PersonaClient admin = new("127.0.0.1");
    private readonly List<SourceForwarder> forwarders = [];

    private SalesHub(HubProcess hub, Browser browser)
    {
        Hub = hub;
        Browser = browser;
        Kim = From("127.0.0.7");
        Unregistered = From("127.0.0.9");
    }

    public HubProcess Hub { get; }

    public Browser Browser { get; }

    /// <summary>The users' listener as kim reaches it.</summary>
    public SourceForwarder Kim { get; }

    /// <summary>The users' listener as an unregistered client reaches it.</summary>
    public SourceForwarder Unregistered { get; }

    /// <summary>Starts everything; the admin has claimed the hub.</summary>
    /// <param name="settings">Further configuration, as <c>--StreamHub:Apps:StartTimeout=5s</c>.</param>
    public static async Task<SalesHub> StartAsync(params string[] settings)
    {
        var python = await E2E.StreamlitPythonAsync();
        var browser = await Browser.GetAsync();
        var hub = await HubProcess.StartAsync([$"--StreamHub:Python={python}", .. settings]);
        var sales = new SalesHub(hub, browser);
        try
        {
            using var claimed = await sales.admin.ClaimAsync(hub.ClaimLink!);
            claimed.StatusCode.Should().Be(HttpStatusCode.SeeOther);
            await sales.SaveAppAsync("sales", new { name = "Sales", runtime = "streamlit", script = Script("sales.py") });
            await sales.SaveUserAsync("kim", new { addresses = new[] { "127.0.0.7" }, apps = new[] { "sales" } });
            return sales;
        }
        catch
        {
            await sales.DisposeAsync();
            throw;
        }
    }

    /// <summary>The path of an app of the tests.</summary>
    public static string Script(string name) => Path.Combine(AppContext.BaseDirectory, "EndToEnd", "Apps", name);

    /// <summary>How a dialog names a user, and how long they have done nothing: less than ten minutes.</summary>
    public static Regex IsIdle(string name, string address) => new($@"^{name} \({Regex.Escape(address)}\), since .+, idle for 00:0\d:\d\d$");

    /// <summary>The users' listener as it is reached from an address.</summary>
    public SourceForwarder From(string address)
    {
        var forwarder = new SourceForwarder(address, Hub.UsersPort);
        forwarders.Add(forwarder);
        return forwarder;
    }

    /// <summary>Creates or changes a user as the admin does; the entry is in force on return.</summary>
    public Task SaveUserAsync(string name, object user) => PutAsync($"/api/v1/users/{name}?force=true", user);

    /// <summary>Creates or changes an app as the admin does; the entry is in force on return.</summary>
    public Task SaveAppAsync(string slug, object app) => PutAsync($"/api/v1/apps/{slug}", app);

    /// <summary>Registers a user with an app of the same script as "sales", both for one test alone.</summary>
    /// <returns>The users' listener as the user reaches it.</returns>
    public async Task<SourceForwarder> AddUserAsync(string name, string address, string slug)
    {
        await SaveAppAsync(slug, new { name = slug, runtime = "streamlit", script = Script("sales.py") });
        await SaveUserAsync(name, new { addresses = new[] { address }, apps = new[] { slug } });
        return From(address);
    }

    /// <summary>Asks the admin's API.</summary>
    public async Task<string> GetAsync(string path) => await admin.Http.GetStringAsync(new Uri(Hub.AdminOrigin + path));

    /// <summary>What the API says of an app's instance; undefined when it says nothing.</summary>
    public async Task<JsonElement> InstanceAsync(string slug) =>
        JsonSerializer.Deserialize<JsonElement>(await GetAsync("/api/v1/instances")).EnumerateArray()
            .FirstOrDefault(row => row.GetProperty("slug").GetString() == slug);

    /// <summary>Looks at the instance ten times a second, until it is so.</summary>
    public async Task<JsonElement> UntilAsync(string slug, Func<JsonElement, bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            if (await InstanceAsync(slug) is { ValueKind: JsonValueKind.Object } row && condition(row))
            {
                return row;
            }

            await timer.WaitForNextTickAsync(patience.Token);
        }
    }

    /// <summary>The process of an app, once it runs by another than <paramref name="other"/>.</summary>
    public async Task<int> PidAsync(string slug, int? other = null) =>
        (await UntilAsync(slug, row => row.GetProperty("status").GetString() == "running" && row.GetProperty("pid").GetInt32() != other)).GetProperty("pid").GetInt32();

    /// <summary>Waits until an app has so many sessions.</summary>
    public Task SessionsAsync(string slug, int count) => UntilAsync(slug, row => row.GetProperty("sessions").GetInt32() == count);

    /// <summary>Acts through the admin's API.</summary>
    public async Task PostAsync(string path)
    {
        using var answer = await admin.Http.PostAsync(new Uri(Hub.AdminOrigin + path), content: null);
        (await answer.IsTakenUpAsync()).Should().BeTrue("{0}: {1}", path, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Opens a page of the admin's, and waits until it can be used.</summary>
    public async Task<IPage> OpenAdminAsync(string path, string locale = "en-US", int width = 1280, bool dark = false)
    {
        var page = await Browser.OpenAsync("about:blank", locale, width, dark: dark);
        await GoToAdminAsync(page, path);
        return page;
    }

    /// <summary>Goes to another page of the admin's in the same browser, which has the hub's files by then.</summary>
    public async Task GoToAdminAsync(IPage page, string path)
    {
        await page.GotoAsync(Hub.AdminOrigin + path);
        await Assertions.Expect(page.Locator("html[data-circuit=ready]")).ToHaveCountAsync(1);
    }

    /// <summary>Opens "sales" as kim does.</summary>
    public Task<(IPage Page, IFrameLocator App)> OpenAsKimAsync() => OpenAsync(Kim, "sales");

    /// <summary>Opens an app of the same script as "sales" in its frame, and waits until it shows.</summary>
    /// <param name="user">How the user reaches the hub.</param>
    /// <param name="script">What runs in each document before its own scripts.</param>
    public async Task<(IPage Page, IFrameLocator App)> OpenAsync(SourceForwarder user, string slug, string? script = null)
    {
        var page = await Browser.OpenAsync("about:blank");
        if (script is not null)
        {
            await page.AddInitScriptAsync(script);
        }

        await page.GotoAsync($"{user.Origin}/open/{slug}/");
        var app = page.FrameLocator("iframe");

        // The page that waits for it has the same heading.
        await Assertions.Expect(app.GetByTestId("stApp").GetByRole(AriaRole.Heading, new() { Name = "Sales" })).ToBeVisibleAsync();
        return (page, app);
    }

    public async ValueTask DisposeAsync()
    {
        await Browser.DisposeAsync();
        foreach (var forwarder in forwarders)
        {
            await forwarder.DisposeAsync();
        }

        await Hub.DisposeAsync();
        admin.Dispose();
    }

    private async Task PutAsync(string path, object entry)
    {
        using var answer = await admin.Http.PutAsJsonAsync(new Uri(Hub.AdminOrigin + path), entry);
        answer.IsSuccessStatusCode.Should().BeTrue("{0}: {1}", path, await answer.Content.ReadAsStringAsync());
    }
}
