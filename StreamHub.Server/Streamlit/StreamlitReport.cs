using System.Text.Json;
using System.Text.RegularExpressions;
using StreamHub.Domain.Telemetry;
using StreamHub.Server.Platform;
using StreamHub.Server.Runs;

namespace StreamHub.Server.Streamlit;

/// <summary>Reads the report of the launcher: <c>launcher_server.py</c>.</summary>
internal static partial class StreamlitReport
{
    private const string Header = "X-StreamHub-Report";
    private const int Longest = 16 * 1024;
    private const int LongestText = 300;

    // An unknown Streamlit, or one that the app has changed.
    private static readonly RunReport NoReport = new() { Unhooked = ["report"] };

    public static RunReport Read(HttpResponseMessage answer)
    {
        if (!answer.Headers.TryGetValues(Header, out var values) || values.ToArray() is not [{ Length: <= Longest } text])
        {
            return NoReport;
        }

        try
        {
            return JsonSerializer.Deserialize<Told>(text, JsonSerializerOptions.Web) is { } told ? Read(told) : NoReport;
        }
        catch (Exception exception) when (exception is JsonException or ArgumentOutOfRangeException or OverflowException)
        {
            return NoReport;
        }
    }

    private static RunReport Read(Told told) => new()
    {
        Folder = told.Folder is { } folder && Path.IsPathFullyQualified(folder) ? folder : null,
        Page = told.Page is { } page && Hash().IsMatch(page) ? page : null,
        Code = told.Code is { Changed: { } changed, File: { } file } code ? new CodeNotice(Instant(changed), Line(file) ?? "", Line(code.Error)) : null,
        EnvironmentChanged = told.Environment is { } environment ? Instant(environment) : null,
        Errors = told.Scripts is { Failures: > 0, Error: { } error } scripts
            ? new ScriptErrors(scripts.Failures, scripts.Failed, scripts.Of, Line(error.Text) ?? "", Instant(error.At))
            : null,
        Running = told.Scripts?.Running,
        Silent = told.Scripts?.Silent is { } silent ? new RunReport.SilentScript(TimeSpan.FromSeconds(silent.Runs), TimeSpan.FromSeconds(silent.Sends)) : null,
        Unhooked = [.. (told.Missing ?? []).Where(name => RunReport.Hooks.Contains(name) || StreamlitOptions.Names.Contains(name)).Distinct()],
        Options =
        [
            .. from option in told.Options ?? []
               where option is { Name: { } name, From: not null } && OptionName().IsMatch(name)
               group option by option.Name into same
               let option = same.First()
               select new RunReport.Option(option.Name!, Line(option.From)!, Line(option.Value)),
        ],
    };

    private static string? Line(string? text) => PlainText.Line(text, LongestText);

    private static DateTimeOffset Instant(double seconds) => DateTimeOffset.FromUnixTimeMilliseconds(checked((long)(seconds * 1000)));

    [GeneratedRegex(@"^[A-Za-z0-9_.]{1,100}$")]
    private static partial Regex OptionName();

    [GeneratedRegex("^[0-9a-f]{64}$")]
    private static partial Regex Hash();

    private sealed record Told(string? Folder, string? Page, IReadOnlyList<string>? Missing, IReadOnlyList<ToldOption>? Options, ToldCode? Code, double? Environment, ToldScripts? Scripts);

    private sealed record ToldOption(string? Name, string? From, string? Value);

    private sealed record ToldCode(double? Changed, string? File, string? Error);

    private sealed record ToldScripts(int Running, ToldSilent? Silent, int Failures, int Failed, int Of, ToldError? Error);

    private sealed record ToldSilent(double Runs, double Sends);

    private sealed record ToldError(string? Text, double At);
}
