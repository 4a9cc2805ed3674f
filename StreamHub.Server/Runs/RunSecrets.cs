using System.Security.Cryptography;
using System.Text;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Runs;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Runs;

/// <summary>Secrets that persist over restarts of the hub, all derived from one random key in the data directory.</summary>
internal sealed class RunSecrets(HubSettings settings)
{
    private readonly Lock gate = new();
    private byte[]? key;

    /// <summary>Streamlit's cookie-signing secret: a new one would log <c>st.login</c> users out at every restart.</summary>
    /// <exception cref="IOException">The key cannot be read or written.</exception>
    public string CookieSecret(AppSlug app) => Derive($"cookie {app}");

    /// <summary>
    /// The secret in the hub's requests to a run. Every program of the machine can reach a run's port, so the launcher and the
    /// demo app reject requests without the secret.
    /// </summary>
    /// <exception cref="IOException">The key cannot be read or written.</exception>
    public string Pairing(RunId run) => Derive($"pairing {run}");

    private string Derive(string purpose) => Convert.ToHexStringLower(HMACSHA256.HashData(Key(), Encoding.UTF8.GetBytes(purpose)));

    // Failures are not cached: the next call retries.
    private byte[] Key()
    {
        lock (gate)
        {
            return key ??= ReadOrCreate(Path.Combine(settings.DataDirectory, "app-key"));
        }
    }

    private static byte[] ReadOrCreate(string file)
    {
        if (File.Exists(file) && File.ReadAllBytes(file) is { Length: 32 } stored)
        {
            return stored;
        }

        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var fresh = RandomNumberGenerator.GetBytes(32);
        using var stream = new FileStream(file, options);
        stream.Write(fresh);
        return fresh;
    }
}
