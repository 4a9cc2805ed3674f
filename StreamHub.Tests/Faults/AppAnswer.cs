using System.Text.Json;

namespace StreamHub.Tests.Faults;

/// <summary>What <c>faulty.py</c> says of itself.</summary>
/// <param name="Version">What its version file said when it started.</param>
/// <param name="Session">The session that is answered; null for a page.</param>
/// <param name="Count">Messages of the session so far.</param>
/// <param name="Printed">Bytes that were printed; null when it was not asked to.</param>
internal sealed record AppAnswer(string Slug, int Pid, long Run, string Version, string? Session = null, int Count = 0, long? Printed = null)
{
    public static AppAnswer Parse(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize<AppAnswer>(json, JsonSerializerOptions.Web)!;
}
