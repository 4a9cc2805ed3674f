namespace StreamHub.Server.Entries;

/// <summary>The cases of <see cref="Domain.Apps.AppRuntime"/> as entries name them.</summary>
internal enum RuntimeKind
{
    Streamlit,
    Command,
    Demo,
}
