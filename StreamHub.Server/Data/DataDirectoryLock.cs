namespace StreamHub.Server.Data;

/// <summary>Held by the one hub that works on a data directory. The operating system frees it when the process ends, however it ends.</summary>
internal sealed class DataDirectoryLock : IDisposable
{
    private readonly FileStream file;

    private DataDirectoryLock(FileStream file) => this.file = file;

    /// <summary>Takes the lock; null when somebody else has it.</summary>
    /// <exception cref="DataDirectoryException">The lock file cannot be opened at all.</exception>
    public static DataDirectoryLock? TryTake(string dataDirectory)
    {
        try
        {
            return new DataDirectoryLock(new FileStream(
                Path.Combine(dataDirectory, "hub.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or DirectoryNotFoundException)
        {
            throw new DataDirectoryException($"The data directory {dataDirectory} cannot be written: {exception.Message}", exception);
        }
        catch (IOException)
        {
            return null;
        }
    }

    public void Dispose() => file.Dispose();
}
