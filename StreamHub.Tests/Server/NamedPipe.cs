using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Server;

/// <summary>The reading end of a pipe with a name: its end is reached when no process holds the other one any more.</summary>
internal sealed class NamedPipe : IAsyncDisposable
{
    private readonly Task<FileStream> opening;

    private NamedPipe(string path)
    {
        Path = path;

        // Opening waits for the first writer.
        opening = Task.Run(() => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0));
    }

    public string Path { get; }

    public static async Task<NamedPipe> CreateAsync(string path)
    {
        (await Tool.RunAsync("mkfifo", [path], FullHub.Patience)).Code.Should().Be(0);
        return new NamedPipe(path);
    }

    /// <summary>Waits for so many bytes.</summary>
    public async Task ReadAsync(int count, TimeSpan patience)
    {
        var stream = await opening.WaitAsync(patience);
        await Task.Run(() => stream.ReadExactly(new byte[count])).WaitAsync(patience);
    }

    /// <summary>Waits until the last writer is gone.</summary>
    public async Task ReadToEndAsync(TimeSpan patience)
    {
        var stream = await opening.WaitAsync(patience);
        var buffer = new byte[1024];
        await Task.Run(() =>
        {
            while (stream.Read(buffer) > 0)
            {
                // What was written before the end is of no interest.
            }
        }).WaitAsync(patience);
    }

    public async ValueTask DisposeAsync()
    {
        if (opening.IsCompletedSuccessfully)
        {
            await (await opening).DisposeAsync();
        }
    }
}
