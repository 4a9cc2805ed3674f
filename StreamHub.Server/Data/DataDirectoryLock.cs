namespace StreamHub.Server.Data;

/// <summary>The lock of the one hub that uses a data directory. The operating system releases it when the process ends, however it ends.</summary>
internal sealed class DataDirectoryLock : IDisposable
{
    private readonly FileStream file;

    private DataDirectoryLock(FileStream file) => this.file = file;

    /// <summary>Takes the lock; null when another process holds it.</summary>
    /// <exception cref="DataDirectoryException">The lock file cannot be opened.</exception>
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
