using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using StreamHub.Server.Streamlit;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Server.Streamlit;

public sealed class CompressedFilesTests : IDisposable
{
    private const int Limit = 10_000;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("streamhub-compressed-");
    private readonly CompressedFiles files = new(Limit);

    public void Dispose()
    {
        files.Dispose();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task After_any_number_of_upgrades_the_files_of_the_last_one_are_kept()
    {
        for (var upgrade = 0; upgrade < 5; upgrade++)
        {
            // Random bytes stay as large as they are: two versions are more than the limit.
            var file = Write("main.js", RandomNumberGenerator.GetBytes(Limit * 3 / 4), upgrade);
            await Eventually.TrueAsync(() => ReferenceEquals(Read(file), Read(file)));
        }
    }

    [Fact]
    public void A_file_that_could_not_be_read_is_read_the_next_time()
    {
        var file = Write("main.js", Encoding.UTF8.GetBytes("script"), upgrade: 0);
        using (var unreadable = new FileStream(file, FileMode.Open, FileAccess.Write))
        {
            files.Invoking(files => files.Read(unreadable, file, "gzip")).Should().Throw<NotSupportedException>();
        }

        using var plain = new StreamReader(new GZipStream(new MemoryStream(Read(file)), CompressionMode.Decompress));
        plain.ReadToEnd().Should().Be("script");
    }

    private byte[] Read(string path)
    {
        using var file = File.OpenRead(path);
        return files.Read(file, path, "gzip");
    }

    private string Write(string name, byte[] content, int upgrade)
    {
        var path = Path.Combine(folder.FullName, name);
        File.WriteAllBytes(path, content);
        File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch.AddDays(upgrade));
        return path;
    }
}
