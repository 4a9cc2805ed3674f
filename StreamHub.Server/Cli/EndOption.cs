using System.CommandLine;
using StreamHub.Server.Entries;

namespace StreamHub.Server.Cli;

/// <summary><c>--expires</c>, which every verb reads alike.</summary>
internal sealed class EndOption(string what)
{
    public Option<string?> Option { get; } = new("--expires") { Description = $"{what}: {Instants.Expected}; a day is included." };

    /// <summary>The end that was given, null for none; or what is wrong with it.</summary>
    public (DateTimeOffset? End, EntryError? Wrong) Read(ParseResult parsed, TimeZoneInfo zone) =>
        parsed.GetValue(Option) is not { } text ? (null, null)
        : Instants.TryParseEnd(text, zone, out var end) ? (end, null)
        : (null, new EntryError("--expires", $"'{text}' is not {Instants.Expected}"));
}
