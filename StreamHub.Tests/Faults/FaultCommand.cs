using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using System.Security.Cryptography;

namespace StreamHub.Tests.Faults;

/// <summary>
/// <c>faults [--seed N] [--rounds M] [--only F2,F5]</c> plays fault schedules of a few faults each, <c>kills [--seed N] [--rounds M]</c>
/// kills the hub in the middle of starts. Without a seed it is a new one. Both print what they did; the exit code is 1 when something was
/// not as promised.
/// </summary>
internal static class FaultCommand
{
    private const int FaultsInARound = 2;

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
            await Console.Error.WriteLineAsync("faults [--seed N] [--rounds M] [--only F2,F5]   or   kills [--seed N] [--rounds M]");
            return 1;
        }

        var seed = options.TryGetValue("--seed", out var given) ? int.Parse(given, CultureInfo.InvariantCulture) : NewSeed();
        var rounds = options.TryGetValue("--rounds", out var many) ? int.Parse(many, CultureInfo.InvariantCulture) : 1;
        return args[0] == "kills" ? await KillAsync(seed, rounds) : await PlayAsync(seed, rounds, options.GetValueOrDefault("--only"));
    }

    private static int NewSeed() => RandomNumberGenerator.GetInt32(1, int.MaxValue / 2);

    [SupportedOSPlatform("linux")]
    private static IReadOnlyList<Fault> Faults(int seed, string? only) =>
        only is null ? FaultCatalog.Deal(seed, FaultCatalog.All.Count / FaultsInARound)[0]
            : [.. only.Split(',').Select(id => FaultCatalog.All.First(fault => fault.Id == id))];

    [SupportedOSPlatform("linux")]
    private static async Task<int> PlayAsync(int seed, int rounds, string? only)
    {
        foreach (var line in FaultCatalog.LeftOut)
        {
            Console.WriteLine($"Left out: {line}");
        }

        var (failed, all) = (0, Stopwatch.StartNew());
        for (var round = 0; round < rounds; round++)
        {
            try
            {
                Console.WriteLine(await FaultSchedule.RunAsync(seed + round, Faults(seed + round, only)));
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

    [SupportedOSPlatform("linux")]
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
