using System.Security.Cryptography;
using System.Text;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Runs;

/// <summary>Secrets that outlive the hub, all derived from one random key in the data directory.</summary>
internal sealed class RunSecrets(HubSettings settings)
{
    private readonly Lock gate = new();
    private byte[]? key;

    /// <summary>What Streamlit signs its cookies with: without it every restart logs <c>st.login</c> users out.</summary>
    /// <exception cref="IOException">The key can be neither read nor written.</exception>
    public string CookieSecret(AppSlug app) => Derive($"cookie {app}");

    /// <summary>What the hub shows a run, which may answer nobody else: every program of the machine reaches its port. The launcher and the demo app see to it.</summary>
    /// <exception cref="IOException">The key can be neither read nor written.</exception>
    public string Pairing(RunId run) => Derive($"pairing {run}");

    private string Derive(string purpose) => Convert.ToHexStringLower(HMACSHA256.HashData(Key(), Encoding.UTF8.GetBytes(purpose)));

    // What failed once is tried again the next time.
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
