using System.Globalization;
using StreamHub.Domain.Supervision;

namespace StreamHub.Tests.Domain.Supervision.Simulation;

/// <summary><c>histories COUNT</c> plays random histories of the state machine; each run has new seeds. A failure prints the shortest history that breaks a rule.</summary>
internal static class HistoryCommand
{
    public static int Run(string count)
    {
        if (!int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var histories))
        {
            Console.Error.WriteLine("histories COUNT");
            return 1;
        }

        new Histories(HubMachine.Step).Hold(histories);
        Console.WriteLine($"{histories} histories kept the rules.");
        return 0;
    }
}
