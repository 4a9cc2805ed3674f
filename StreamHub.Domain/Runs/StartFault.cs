
namespace StreamHub.Domain.Runs;

/// <summary>Why a run is not ready, or never was.</summary>
/// <param name="Detail">What <see cref="Kind"/> asks for; null for none.</param>
public sealed record StartFault(StartFault.Cause Kind, string? Detail = null)
{
    public enum Cause
    {
        /// <summary>It has not opened a listener yet. The detail is the start timeout, once that is over.</summary>
        Slow,

        /// <summary>It listens on its port, and answers no request. The detail is the start timeout, once that is over.</summary>
        Mute,

        /// <summary>It speaks HTTPS on its port.</summary>
        Encrypted,

        /// <summary>It listens elsewhere: the detail is where.</summary>
        Elsewhere,

        /// <summary>It answers its health path with an error: the detail is the path and the status.</summary>
        Unhealthy,

        /// <summary>It listens on an address that other machines reach.</summary>
        Exposed,

        /// <summary>Another program listens on its port: the detail is the port.</summary>
        PortTaken,

        /// <summary>Its interpreter has no Streamlit: the detail is the interpreter.</summary>
        NoFramework,
    }
}
