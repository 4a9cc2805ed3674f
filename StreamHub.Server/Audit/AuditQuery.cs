using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;
using StreamHub.Domain.Access;
using StreamHub.Server.Entries;

namespace StreamHub.Server.Audit;

/// <summary>A filter as URLs and command lines contain it, unvalidated.</summary>
/// <param name="Text">A text anywhere in the entry.</param>
/// <param name="From">A day or an instant.</param>
/// <param name="To">A day (inclusive) or an instant (exclusive).</param>
public sealed record AuditQuery(
    [property: FromQuery(Name = "q"), Description("A text anywhere in the entry.")] string? Text = null,
    [property: FromQuery(Name = "actor"), Description("Prefix of the actor: kim, token:, cli.")] string? Actor = null,
    [property: FromQuery(Name = "action"), Description("Prefix of the action: user., app.stop, refused.")] string? Action = null,
    [property: FromQuery(Name = "target"), Description("Prefix of the target: a user, an app, an address.")] string? Target = null,
    [property: FromQuery(Name = "from"), Description("The first day on the hub's clock, 2026-11-01, or an instant with its offset.")] string? From = null,
    [property: FromQuery(Name = "to"), Description("The last day on the hub's clock, or an exclusive end instant with its offset.")] string? To = null)
{
    /// <summary>The accepted formats of <see cref="From"/> and <see cref="To"/>, for messages.</summary>
    public static string Expected => Instants.Expected;

    /// <summary>Whether the filter is empty.</summary>
    public bool IsEmpty => this is { Text: null or "", Actor: null or "", Action: null or "", Target: null or "", From: null or "", To: null or "" };

    /// <summary>Parses the filter.</summary>
    /// <param name="errors">The invalid parameters, by their names in the URL.</param>
    public AuditFilter Read(TimeZoneInfo zone, out IReadOnlyList<EntryError> errors)
    {
        var wrong = new List<EntryError>();
        var filter = new AuditFilter
        {
            Text = Given(Text),
            Actor = Given(Actor),
            Action = Given(Action),
            Target = Given(Target),
            From = Instant("from", From, day => day.Start(zone)),
            Until = Instant("to", To, day => day.End(zone)),
        };
        errors = wrong;
        return filter;

        DateTimeOffset? Instant(string name, string? text, Func<CalendarDay, DateTimeOffset> of)
        {
            if (string.IsNullOrEmpty(text))
            {
                return null;
            }

            if (CalendarDay.TryParse(text, out var day))
            {
                return of(day);
            }

            // A '+' that was not encoded arrives as a space; no instant contains a space.
            if (Instants.TryParse(text.Replace(' ', '+'), out var instant))
            {
                return instant;
            }

            wrong.Add(new EntryError(name, $"'{text}' is not {Expected}"));
            return null;
        }
    }

    /// <summary>The URL of the filter: <c>/audit?q=kim</c>.</summary>
    public string Address(string path)
    {
        (string Name, string? Value)[] all = [("q", Text), ("actor", Actor), ("action", Action), ("target", Target), ("from", From), ("to", To)];
        return path + QueryString.Create(all.Where(part => !string.IsNullOrEmpty(part.Value)).Select(part => KeyValuePair.Create(part.Name, part.Value)));
    }

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
