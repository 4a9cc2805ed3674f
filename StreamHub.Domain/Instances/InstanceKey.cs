using StreamHub.Domain.Access;
using StreamHub.Domain.Apps;

namespace StreamHub.Domain.Instances;

/// <summary>An app for its people.</summary>
/// <param name="User">Whose instance it is; null for the one that everybody shares.</param>
public readonly record struct InstanceKey(AppSlug App, UserName? User = null)
{
    /// <summary>The instance of an app that a user is served by.</summary>
    public static InstanceKey For(App app, UserName user)
    {
        ArgumentNullException.ThrowIfNull(app);
        return new InstanceKey(app.Slug, app.Instances == InstanceMode.PerUser ? user : null);
    }

    /// <inheritdoc/>
    public override string ToString() => User is { } user ? $"{App}@{user}" : App.ToString();
}
