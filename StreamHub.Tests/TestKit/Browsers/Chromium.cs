using Microsoft.Playwright;

namespace StreamHub.Tests.TestKit.Browsers;

/// <summary>
/// A Chromium on this machine: named by the environment, installed, installable, or Playwright's own. Debian's headless shell comes first:
/// the same engine without the browser around it, which takes a third less processor time.
/// </summary>
internal static class Chromium
{
    private static readonly string[] Packages = ["chromium-headless-shell", "chromium"];
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public static async Task<Provision> ProvideAsync()
    {
        if (Environment.GetEnvironmentVariable("CHROMIUM_PATH") is { Length: > 0 } named)
        {
            return File.Exists(named) ? Provision.At(named) : Provision.Missing($"CHROMIUM_PATH names {named}, which does not exist.");
        }

        if (Installed() is { } installed)
        {
            return Provision.At(installed);
        }

        var tried = "";
        foreach (var package in OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess ? Packages : [])
        {
            (_, tried) = await Tool.RunAsync("apt-get", ["install", "-y", "-q", package], Patience, ("DEBIAN_FRONTEND", "noninteractive"));
            if (Installed() is { } now)
            {
                return Provision.At(now);
            }
        }

        using var playwright = await Playwright.CreateAsync();
        if (!File.Exists(playwright.Chromium.ExecutablePath))
        {
            Microsoft.Playwright.Program.Main(["install", "chromium"]);
        }

        return File.Exists(playwright.Chromium.ExecutablePath)
            ? Provision.At(playwright.Chromium.ExecutablePath)
            : Provision.Missing($"there is no {string.Join(" or ", Packages)}, and neither apt-get nor Playwright could install one. {tried}".TrimEnd());
    }

    private static string? Installed() => Packages.Select(package => $"/usr/bin/{package}").FirstOrDefault(File.Exists);
}
