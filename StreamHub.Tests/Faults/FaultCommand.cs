using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;

namespace StreamHub.Tests.Faults;

/// <summary>
/// <c>faults [--seed N] [--rounds M] [--only F2]</c> plays fault schedules, <c>kills [--seed N] [--rounds M]</c> kills the hub
/// in the middle of starts. Both print what they did; the exit code is 1 when something was not as promised.
/// </summary>
internal static class FaultCommand
{
    public static async Task<int> RunAsync(string[] args)
    {
        if (!OperatingSystem.IsLinux())
        {
            await Console.Error.WriteLineAsync("Faults are played on Linux.");
            return 1;
        }

        var options = args.Skip(1).Chunk(2).ToDictionary(pair => pair[0], pair => pair[^1], StringComparer.Ordinal);
        if (args.Length % 2 == 0 || options.Keys.Except(["--seed", "--rounds", "--only"]).Any())
        {
            await Console.Error.WriteLineAsync("faults [--seed N] [--rounds M] [--only F2]   or   kills [--seed N] [--rounds M]");
            return 1;
        }

        var seed = options.TryGetValue("--seed", out var given) ? int.Parse(given, CultureInfo.InvariantCulture) : NewSeed();
        var rounds = options.TryGetValue("--rounds", out var many) ? int.Parse(many, CultureInfo.InvariantCulture) : 1;
        return args[0] == "kills" ? await KillAsync(seed, rounds) : await PlayAsync(seed, rounds, options.GetValueOrDefault("--only"));
    }

    /// <summary>A seed that nobody has chosen.</summary>
    public static int NewSeed() => RandomNumberGenerator.GetInt32(1, int.MaxValue / 2);

    [System.Runtime.Versioning.SupportedOSPlatform("linux")]
    private static async Task<int> PlayAsync(int seed, int rounds, string? only)
    {
        foreach (var line in FaultCatalog.LeftOut)
        {
            Console.WriteLine($"Left out: {line}");
        }

        var (failed, all) = (0, Stopwatch.StartNew());
        for (var round = 0; round < rounds; round++)
        {
            var watch = Stopwatch.StartNew();
            try
            {
                var faults = await FaultSchedule.RunAsync(seed + round, only);
                Console.WriteLine($"Seed {seed + round}: {faults}: passed in {watch.Elapsed.TotalSeconds:F1} s");
            }
            catch (FaultException exception)
            {
                failed++;
                Console.WriteLine($"FAILED {exception.Message}");
            }
        }

        Console.WriteLine($"{rounds - failed} schedules passed, {failed} failed, in {all.Elapsed.TotalSeconds:F0} s");
        return failed == 0 ? 0 : 1;
    }

    [System.Runtime.Versioning.SupportedOSPlatform("linux")]
    private static async Task<int> KillAsync(int seed, int rounds)
    {
        var watch = Stopwatch.StartNew();
        try
        {
            var states = await KillRounds.RunAsync(seed, rounds);
            Console.WriteLine($"Seed {seed}: {rounds} kills in {watch.Elapsed.TotalSeconds:F0} s, no orphan, no duplicate; the run was {string.Join(", ", states.Select(state => $"{state.Key} {state.Value} times"))}");
            return 0;
        }
        catch (FaultException exception)
        {
            Console.WriteLine($"FAILED {exception.Message}");
            return 1;
        }
    }
}
