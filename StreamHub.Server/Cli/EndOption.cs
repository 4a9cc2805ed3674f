using System.CommandLine;
using StreamHub.Server.Entries;

namespace StreamHub.Server.Cli;

/// <summary>The option <c>--expires</c>, shared by all commands.</summary>
internal sealed class EndOption(string what)
{
    public Option<string?> Option { get; } = new("--expires") { Description = $"{what}: {Instants.Expected}; a day is included." };

    /// <summary>The parsed end, null for none, or the error.</summary>
    public (DateTimeOffset? End, EntryError? Wrong) Read(ParseResult parsed, TimeZoneInfo zone) =>
        parsed.GetValue(Option) is not { } text ? (null, null)
        : Instants.TryParseEnd(text, zone, out var end) ? (end, null)
        : (null, new EntryError("--expires", $"'{text}' is not {Instants.Expected}"));
}
