namespace StreamHub.Server.Resources;

/// <summary>
/// Names the translations of refused entries, such as <c>EntryText.ko.resx</c>. The key is the English format in the code
/// itself, which files, API and command line show; there is no English file.
/// </summary>
internal sealed class EntryText;
