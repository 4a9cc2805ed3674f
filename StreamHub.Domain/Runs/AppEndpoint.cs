
namespace StreamHub.Domain.Runs;

/// <summary>The address of a run: a port of 127.0.0.1.</summary>
/// <param name="Port">1 to 65535.</param>
public readonly record struct AppEndpoint(int Port)
{
    /// <summary>The origin to which the hub forwards. Always the literal address: <c>localhost</c> may resolve to ::1.</summary>
    public string Origin => $"http://127.0.0.1:{Port}";

    /// <inheritdoc/>
    public override string ToString() => $"127.0.0.1:{Port}";
}
