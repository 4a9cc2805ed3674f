namespace StreamHub.Server.Hosting;

/// <summary>Files that a reader, or a hub that comes back after a crash, finds as they were or as they are to be.</summary>
internal static class AtomicFile
{
    /// <summary>Writes a file as a whole.</summary>
    /// <exception cref="IOException">It could not be written; the old one is still there.</exception>
    public static void Write(string file, byte[] content)
    {
        var draft = file + ".new";
        File.WriteAllBytes(draft, content);
        File.Move(draft, file, overwrite: true);
    }
}
