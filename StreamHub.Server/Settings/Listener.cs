namespace StreamHub.Server.Settings;

/// <summary>The listener that accepted the connection. The socket decides, never a header.</summary>
public enum Listener
{
    /// <summary>Home, app shell, apps.</summary>
    Users,

    /// <summary>Dashboard, API, metrics: admins only.</summary>
    Admin,
}
