namespace StreamHub.Server.Settings;

/// <summary>Which of the hub's two doors a connection came through. The socket decides, never a header.</summary>
public enum Listener
{
    /// <summary>Home, app shell, apps.</summary>
    Users,

    /// <summary>Dashboard, API, metrics: admins only.</summary>
    Admin,
}
