namespace StreamHub.Server.Resources;

/// <summary>
/// Names the texts of refused entries: <c>EntryText.resx</c> and its translations. Their names are the English formats
/// that the code holds, since files, API and command line speak English alone.
/// </summary>
internal sealed class EntryText;
