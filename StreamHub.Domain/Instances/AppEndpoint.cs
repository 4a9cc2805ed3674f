namespace StreamHub.Domain.Instances;

/// <summary>Where a run listens: a port of 127.0.0.1.</summary>
/// <param name="Port">1 to 65535.</param>
public readonly record struct AppEndpoint(int Port)
{
    /// <summary>The origin that the hub forwards to. Always the literal address: <c>localhost</c> may mean ::1.</summary>
    public string Origin => $"http://127.0.0.1:{Port}";

    /// <inheritdoc/>
    public override string ToString() => $"127.0.0.1:{Port}";
}
