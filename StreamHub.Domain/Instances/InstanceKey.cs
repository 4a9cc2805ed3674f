using StreamHub.Domain.Access;
using StreamHub.Domain.Apps;

namespace StreamHub.Domain.Instances;

/// <summary>Identifies an instance: an app, and the user for a per-user instance.</summary>
/// <param name="User">The owner of the instance; null when shared.</param>
public readonly record struct InstanceKey(AppSlug App, UserName? User = null)
{
    /// <summary>The key of the instance that serves a user.</summary>
    public static InstanceKey For(App app, UserName user)
    {
        ArgumentNullException.ThrowIfNull(app);
        return new InstanceKey(app.Slug, app.Instances == InstanceMode.PerUser ? user : null);
    }

    /// <inheritdoc/>
    public override string ToString() => User is { } user ? $"{App}@{user}" : App.ToString();
}
