namespace StreamHub.Server.Entries;

/// <summary>The names of the cases of <see cref="Domain.Apps.AppRuntime"/> in entries.</summary>
internal enum RuntimeKind
{
    Streamlit,
    Command,
    Demo,
}
