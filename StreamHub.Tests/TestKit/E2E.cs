namespace StreamHub.Tests.TestKit;

/// <summary>What the end-to-end ring needs from the machine. Without it a test is skipped by name; on CI it fails.</summary>
internal static class E2E
{
    private static readonly Lazy<Task<Provision>> Streamlit = new(() => StreamlitVenv.ProvideAsync(StreamlitVenv.Usual));
    private static readonly Lazy<Task<Provision>> OldStreamlit = new(() => StreamlitVenv.ProvideAsync(StreamlitVenv.Old));
    private static readonly Lazy<Task<Provision>> Web = new(WebVenv.ProvideAsync);
    private static readonly Lazy<Task<Provision>> Windows = new(Wine.ProvideAsync);
    private static readonly Lazy<Task<Provision>> Browser = new(Chromium.ProvideAsync);

    /// <summary>Whether this is a CI machine, which has to offer everything.</summary>
    public static bool IsCI => Environment.GetEnvironmentVariable("CI") is "true" or "1";

    /// <summary>The Python of a virtual environment with Streamlit.</summary>
    public static async Task<string> StreamlitPythonAsync(bool isOld = false) =>
        isOld ? Require(await OldStreamlit.Value, $"Streamlit {StreamlitVenv.Old}", IsCI) : Require(await Streamlit.Value, "Streamlit", IsCI);

    /// <summary>The Python of a virtual environment with the web frameworks of docs/apps.md.</summary>
    public static async Task<string> WebPythonAsync() => Require(await Web.Value, "The environment with Dash, Flask, FastAPI and Shiny", IsCI);

    /// <summary>The path of a Chromium.</summary>
    public static async Task<string> ChromiumAsync() => Require(await Browser.Value, "Chromium", IsCI);

    /// <summary>Wine.</summary>
    public static async Task WineAsync() => Require(await Windows.Value, "Wine", IsCI);

    internal static string Require(Provision provision, string what, bool isCI)
    {
        if (provision.Path is { } path)
        {
            return path;
        }

        var message = $"{what} is not available: {provision.Reason}";
        Assert.SkipUnless(isCI, message);
        Assert.Fail(message);
        return "";
    }
}
