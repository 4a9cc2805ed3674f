namespace StreamHub.Domain.Apps;

/// <summary>Which paths a command app sees.</summary>
public enum PrefixMode
{
    /// <summary>The paths that visitors ask for, <c>/app/{slug}/…</c>.</summary>
    Keep,

    /// <summary>The paths behind <c>/app/{slug}</c>: the app serves at <c>/</c>.</summary>
    Strip,
}
