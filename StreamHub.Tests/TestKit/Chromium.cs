using Microsoft.Playwright;

namespace StreamHub.Tests.TestKit;

/// <summary>A Chromium on this machine: named by the environment, installed, installable, or Playwright's own.</summary>
internal static class Chromium
{
    private const string Installed = "/usr/bin/chromium";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public static async Task<Provision> ProvideAsync()
    {
        if (Environment.GetEnvironmentVariable("CHROMIUM_PATH") is { Length: > 0 } named)
        {
            return File.Exists(named) ? Provision.At(named) : Provision.Missing($"CHROMIUM_PATH names {named}, which does not exist.");
        }

        if (File.Exists(Installed))
        {
            return Provision.At(Installed);
        }

        var tried = "";
        if (OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess)
        {
            (_, tried) = await Tool.RunAsync("apt-get", ["install", "-y", "-q", "chromium"], Patience, ("DEBIAN_FRONTEND", "noninteractive"));
            if (File.Exists(Installed))
            {
                return Provision.At(Installed);
            }
        }

        using var playwright = await Playwright.CreateAsync();
        if (!File.Exists(playwright.Chromium.ExecutablePath))
        {
            Microsoft.Playwright.Program.Main(["install", "chromium"]);
        }

        return File.Exists(playwright.Chromium.ExecutablePath)
            ? Provision.At(playwright.Chromium.ExecutablePath)
            : Provision.Missing($"there is no {Installed}, and neither apt-get nor Playwright could install one. {tried}".TrimEnd());
    }
}
