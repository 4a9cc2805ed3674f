using StreamHub.Tests.EndToEnd.Hubs;

namespace StreamHub.Tests.EndToEnd.Differential;

/// <summary><c>streamlit --python PATH</c>: the suite with another interpreter, and so with another Streamlit.</summary>
internal static class DifferentialCommand
{
    public static async Task<int> RunAsync(string[] args)
    {
        if (args is not [_, "--python", var python] || !File.Exists(python))
        {
            await Console.Error.WriteLineAsync("streamlit --python PATH, where PATH is the Python of an environment with Streamlit");
            return 2;
        }

        var suite = await DifferentialSuite.RunAsync(python);
        await using var sales = await SalesHub.StartAsync();
        string[] differences = [.. suite.Differences, .. await BrowserSuite.RunAsync(sales, python)];
        foreach (var line in (string[])
            [
                .. differences.Select(difference => $"differs: {difference}"),
                .. suite.Misstated.Select(option => $"documented otherwise: {option}"),
                .. suite.Unhooked.Select(name => $"not possible with this Streamlit: {name}"),
            ])
        {
            Console.WriteLine(line);
        }

        Console.WriteLine($"{differences.Length + suite.Misstated.Count} undocumented");
        return differences.Length + suite.Misstated.Count == 0 ? 0 : 1;
    }
}
