using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace StreamHub.Tests.TestKit.Browsers;

/// <summary>Accessibility of a page as axe sees it.</summary>
internal static class Axe
{
    /// <summary>Dimmed and fading elements have other colours for a while.</summary>
    private const string IsSettled = "!document.querySelector('.aging') && [...document.querySelectorAll('.mud-snackbar')].every(said => getComputedStyle(said).opacity === '1')";

    /// <summary>Rule, element and remedy of each serious or critical finding, those in frames among them.</summary>
    private const string Findings =
        """
        async () => (await axe.run(document, { resultTypes: ['violations'] })).violations
            .filter(rule => ['serious', 'critical'].includes(rule.impact))
            .flatMap(rule => rule.nodes.map(node => `${rule.impact} ${rule.id}: ${rule.help}\n    ${node.html}\n    ${rule.helpUrl}`))
        """;

    // The package's own RunAxe opens a blank page for each check, which takes longer than the check.
    private static readonly string Load = $"() => {{ if (!window.axe) {{ {new BundledAxeScriptProvider().GetScript()} }} }}";

    /// <summary>Fails on serious and critical findings.</summary>
    public static async Task CheckAsync(IPage page)
    {
        await Eventually.TrueAsync(() => page.EvaluateAsync<bool>(IsSettled));
        foreach (var frame in page.Frames)
        {
            await frame.EvaluateAsync(Load);
        }

        var findings = await page.EvaluateAsync<string[]>(Findings);
        if (findings.Length > 0)
        {
            Assert.Fail($"{page.Url}\n{string.Join('\n', findings)}");
        }
    }
}
