using System.Collections.Immutable;

namespace StreamHub.Domain.Apps;

/// <summary>How a run of the app is started.</summary>
public abstract record AppRuntime
{
    private AppRuntime()
    {
    }

    /// <summary>A Streamlit script, run by the app's own Python.</summary>
    /// <param name="Script">Absolute path.</param>
    /// <param name="Python">The interpreter; null for the hub's default.</param>
    public sealed record Streamlit(string Script, string? Python) : AppRuntime;

    /// <summary>A program that serves HTTP on a given port.</summary>
    /// <param name="Argv">Program and arguments; <c>{port}</c> and <c>{basePath}</c> are replaced.</param>
    /// <param name="Health">Path that answers 2xx or 3xx when ready; <c>{basePath}</c> is replaced. Null for the app's first page.</param>
    public sealed record Command(ImmutableArray<string> Argv, string? Health) : AppRuntime
    {
        /// <summary>Whether the app sees the path under which the hub serves it.</summary>
        public PrefixMode Prefix { get; init; }

        /// <inheritdoc/>
        public bool Equals(Command? other) =>
            other is not null && Argv.SequenceEqual(other.Argv) && string.Equals(Health, other.Health, StringComparison.Ordinal) && Prefix == other.Prefix;

        /// <inheritdoc/>
        public override int GetHashCode() => HashCode.Combine(Argv.Length, Argv.FirstOrDefault(), Health, Prefix);
    }

    /// <summary>The built-in demo app.</summary>
    public sealed record Demo : AppRuntime;
}
