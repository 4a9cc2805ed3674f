using Microsoft.Playwright;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.EndToEnd;

/// <summary>What visitors of the tests' apps do with the browser, and the address that the browser shows after each step.</summary>
internal static class FrameWalks
{
    /// <summary>What a visitor of pages.py does, and the address that the browser shows then.</summary>
    public static readonly (Func<AppView, Task> Act, string Address)[] Pages =
    [
        (view => Task.CompletedTask, "/"),
        (view => view.ClickAsync(AriaRole.Link, "second"), "/second?q=9"),
        (view => view.ClickAsync(AriaRole.Button, "repaint"), "/second?q=9"),
        (view => view.ClickAsync(AriaRole.Link, "part"), "/second?q=9#part"),
        (view => view.ClickAsync(AriaRole.Button, "push"), "/pushed?x=1"),
        (view => view.ClickAsync(AriaRole.Button, "fragment"), "/pushed?x=1#more"),
        (view => view.ClickAsync(AriaRole.Button, "replace"), "/replaced"),
        (view => view.ClickAsync(AriaRole.Button, "rename"), "/replaced"),
        (view => view.GoAsync(-1), "/pushed?x=1"),
        (view => view.GoAsync(-2), "/second?q=9"),
        (view => view.GoAsync(-1), "/"),
        (view => view.GoAsync(2), "/second?q=9#part"),
        (view => view.Page.ReloadAsync(), "/second?q=9#part"),
        (view => view.GoAsync(-1), "/second?q=9"),
        (view => view.ClickAsync(AriaRole.Link, "third"), "/third"),
        (view => view.ClickAsync(AriaRole.Button, "post"), "/second?posted"),
        (view => view.GoAsync(-1), "/third"),
        (view => view.ClickAsync(AriaRole.Link, "loaded"), "/loaded?by=script"),
        (view => view.ClickAsync(AriaRole.Link, "parent"), "/second"),
        (view => view.ClickAsync(AriaRole.Link, "top"), "/third"),
        (view => view.GoAsync(-1), "/second"),
        (view => view.GoAsync(-1), "/loaded?by=script"),
        (view => view.GoAsync(2), "/third"),
        (view => view.ClickAsync(AriaRole.Link, "text"), "/second"),
        (view => view.ClickAsync(AriaRole.Button, "take"), "/third"),
        (view => view.ClickAsync(AriaRole.Button, "send"), "/form"),
        (view => view.OpenAsync("/third#:~:text=Part"), "/third"),
        (view => view.OpenAsync("/second?q=7#part"), "/second?q=7#part"),
        (async view =>
            {
                await view.Page.EvaluateAsync("location.hash = 'typed'");
                await IsAtAsync(view, "#typed");
            }, "/second?q=7#typed"),
        (async view =>
            {
                await view.GoAsync(-1);
                await IsAtAsync(view, "#part");
            }, "/second?q=7#part"),
        (view => LogInAsync(view, "log in"), "/second?code=7"),
        (view => view.GoAsync(-2), "/second?q=7#part"),
        (view => view.ClickAsync(AriaRole.Link, "slow"), "/moved"),
    ];

    /// <summary>The same of the tour, a Streamlit app.</summary>
    public static readonly (Func<AppView, Task> Act, string Address)[] Tour =
    [
        (view => view.ShowsAsync("Code is None"), "/"),
        (view => ClickAsync(view, AriaRole.Link, "second", "Query is None"), "/second"),
        (view => ClickAsync(view, AriaRole.Button, "Ask", "Query is 5"), "/second?q=5"),
        (view => view.ClickAsync(AriaRole.Link, "down"), "/second?q=5#cellar"),
        (view => view.Page.ReloadAsync(), "/second?q=5#cellar"),
        (view => GoAsync(view, -1, "Query is 5"), "/second?q=5"),
        (view => GoAsync(view, -1, "Query is None"), "/second"),
        (view => GoAsync(view, -1, "Code is None"), "/"),
        (view => ClickAsync(view, AriaRole.Button, "Count", "Count is 1"), "/"),
        (async view =>
            {
                await view.Page.ReloadAsync();
                await view.ShowsAsync("Count is 0");
            }, "/"),
        (view => GoAsync(view, 2, "Query is 5"), "/second?q=5"),
        (view => ClickAsync(view, AriaRole.Link, "relative", "Query is 9"), "/second?q=9"),
        (view => ClickAsync(view, AriaRole.Link, "from the root", "Query is 8"), "/second?q=8"),
        (view => GoAsync(view, -1, "Query is 9"), "/second?q=9"),
        (view => OpenAsync(view, "/second?q=7#cellar", "Query is 7"), "/second?q=7#cellar"),
        (view => OpenAsync(view, "/nowhere", "Code is None"), "/"),
        (async view =>
            {
                await Assertions.Expect(view.Page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("Page not found");
                await view.Page.Keyboard.PressAsync("Escape");
                await LogInAsync(view, "Log in");
                await view.ShowsAsync("Code is 7");
            }, "/?code=7"),
    ];

    /// <summary>The same without a login, and without Back over the changes of a query, in which older versions do not run the script again.</summary>
    public static readonly (Func<AppView, Task> Act, string Address)[] OldTour =
    [
        (view => view.ShowsAsync("Code is None"), "/"),
        (view => ClickAsync(view, AriaRole.Link, "second", "Query is None"), "/second"),
        (view => ClickAsync(view, AriaRole.Button, "Ask", "Query is 5"), "/second?q=5"),
        (view => view.ClickAsync(AriaRole.Link, "down"), "/second?q=5#cellar"),
        (view => view.Page.ReloadAsync(), "/second?q=5#cellar"),
        (view => ClickAsync(view, AriaRole.Link, "relative", "Query is 9"), "/second?q=9"),
        (view => ClickAsync(view, AriaRole.Link, "from the root", "Query is 8"), "/second?q=8"),
        (view => OpenAsync(view, "/second?q=7#cellar", "Query is 7"), "/second?q=7#cellar"),
        (view => OpenAsync(view, "/", "Code is None"), "/"),
        (view => ClickAsync(view, AriaRole.Button, "Count", "Count is 1"), "/"),
        (async view =>
            {
                await view.Page.ReloadAsync();
                await view.ShowsAsync("Count is 0");
            }, "/"),
    ];

    /// <summary>The same of an app with st.navigation.</summary>
    public static readonly (Func<AppView, Task> Act, string Address)[] Rooms =
    [
        (view => view.ShowsAsync("Hall"), "/"),
        (view => ClickAsync(view, AriaRole.Button, "Up", "Attic"), "/attic"),
        (view => ClickAsync(view, AriaRole.Button, "Ask", "Query is 5"), "/attic?q=5"),
        (view => GoAsync(view, -2, "Hall"), "/"),
        (view => OpenAsync(view, "/attic?q=7", "Query is 7"), "/attic?q=7"),
    ];

    /// <summary>The app has it, not the address bar alone.</summary>
    private static Task IsAtAsync(AppView view, string fragment) => Eventually.TrueAsync(async () => await view.App.EvaluateAsync<string>("() => location.hash") == fragment);

    private static async Task ClickAsync(AppView view, AriaRole role, string name, string shows)
    {
        await view.ClickAsync(role, name);
        await view.ShowsAsync(shows);
    }

    private static async Task GoAsync(AppView view, int steps, string shows)
    {
        await view.GoAsync(steps);
        await view.ShowsAsync(shows);
    }

    private static async Task OpenAsync(AppView view, string rest, string shows)
    {
        await view.OpenAsync(rest);
        await view.ShowsAsync(shows);
    }

    private static async Task LogInAsync(AppView view, string name)
    {
        await view.App.GetByText(name, new() { Exact = true }).ClickAsync();
        await view.Page.GetByRole(AriaRole.Link, new() { Name = "Sign in" }).ClickAsync();
    }
}
