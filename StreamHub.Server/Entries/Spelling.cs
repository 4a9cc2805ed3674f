using System.Text.Json;

namespace StreamHub.Server.Entries;

/// <summary>
/// The spelling of enums in files, forms, the API and the database: <see cref="Domain.Apps.InstanceMode.PerUser"/> is <c>perUser</c>.
/// </summary>
internal static class Spelling
{
    public static string Of<T>(T value)
        where T : struct, Enum => Convert(value.ToString());

    /// <summary>All spellings of an enum in declaration order.</summary>
    public static IReadOnlyList<string> All<T>()
        where T : struct, Enum => All(typeof(T));

    /// <inheritdoc cref="All{T}"/>
    public static IReadOnlyList<string> All(Type type) => [.. Enum.GetNames(type).Select(Convert)];

    /// <summary>Parses an exact spelling.</summary>
    public static bool TryParse<T>(string? text, out T value)
        where T : struct, Enum => Enum.TryParse(text, ignoreCase: true, out value) && Of(value) == text;

    private static string Convert(string name) => JsonNamingPolicy.CamelCase.ConvertName(name);
}
