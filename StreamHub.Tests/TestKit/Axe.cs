using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace StreamHub.Tests.TestKit;

/// <summary>Accessibility of a page as axe sees it.</summary>
internal static class Axe
{
    /// <summary>What is dimmed or fading has other colours for a while.</summary>
    private const string IsSettled = "!document.querySelector('.aging') && [...document.querySelectorAll('.mud-snackbar')].every(said => getComputedStyle(said).opacity === '1')";

    /// <summary>Fails on serious and critical findings, naming rule, element and remedy.</summary>
    public static async Task CheckAsync(IPage page)
    {
        await Eventually.TrueAsync(() => page.EvaluateAsync<bool>(IsSettled));
        var result = await page.RunAxe();
        var findings = result.Violations
            .Where(violation => violation.Impact is "serious" or "critical")
            .SelectMany(
                violation => violation.Nodes,
                (violation, node) => $"{violation.Impact} {violation.Id}: {violation.Help}\n    {node.Html}\n    {violation.HelpUrl}");
        var report = string.Join('\n', findings);
        if (report.Length > 0)
        {
            Assert.Fail($"{page.Url}\n{report}");
        }
    }
}
