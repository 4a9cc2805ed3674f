using System.Diagnostics;
using System.Text;
using Microsoft.Data.Sqlite;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Server.Access;

/// <summary>Something that goes wrong with a database file beneath a running hub, until it is disposed.</summary>
internal sealed class Breakage : IAsyncDisposable
{
    private const int WriteVersion = 18;

    private readonly Func<Task> mend;

    private Breakage(Func<Task> mend) => this.mend = mend;

    public static async Task<Breakage> BeginAsync(string fault, string file)
    {
        await EmptyLogAsync(file);
        var away = file + ".away";
        switch (fault)
        {
            case "removed":
                File.Move(file, away);
                return new Breakage(() => Run(() => File.Move(away, file)));
            case "replaced":
                File.Move(file, away);
                File.WriteAllText(file, new string('x', 50_000));
                return new Breakage(() => Run(() => File.Move(away, file, overwrite: true)));
            case "cut":
                return Overwritten(stream => stream.SetLength(stream.Length / 2));
            case "emptied":
                return Overwritten(stream => stream.SetLength(0));
            case "overwritten":
                return Overwritten(stream => stream.Write(Encoding.ASCII.GetBytes(new string('x', (int)stream.Length))));
            case "noise":
                return Overwritten(stream =>
                {
                    stream.Position = 4096;
                    stream.Write([.. Enumerable.Range(0, (int)stream.Length - 4096).Select(number => (byte)(number * 7919 >> 3))]);
                });
            case "another schema":
                await ExecuteAsync(file, "ALTER TABLE users RENAME TO users_of_tomorrow");
                return new Breakage(() => ExecuteAsync(file, "ALTER TABLE users_of_tomorrow RENAME TO users"));
            case "write lock":
                var writer = await OpenAsync(file);
                var transaction = writer.BeginTransaction();
                return new Breakage(async () =>
                {
                    await transaction.DisposeAsync();
                    await writer.DisposeAsync();
                });
            case "locked":
                return await LockedAsync(file);
            case "read-only":
                return await ReadOnlyAsync(file);
            default:
                throw new ArgumentOutOfRangeException(nameof(fault), fault, "no such fault");
        }

        Breakage Overwritten(Action<FileStream> damage)
        {
            var before = File.ReadAllBytes(file);
            using (var stream = Write(file))
            {
                damage(stream);
            }

            return new Breakage(() => Run(() =>
            {
                using var stream = Write(file);
                stream.Write(before);
                stream.SetLength(before.Length);
            }));
        }
    }

    public async ValueTask DisposeAsync() => await mend();

    /// <summary>Takes the locks that readers need, as a program does that backs files up: https://sqlite.org/walformat.html#the_wal_locks.</summary>
    private static async Task<Breakage> LockedAsync(string file)
    {
        var process = Process.Start(new ProcessStartInfo("python3", ["-c", "import fcntl, sys; f = open(sys.argv[1], 'r+b'); fcntl.lockf(f, fcntl.LOCK_EX, 8, 120); print('held', flush=True); sys.stdin.read()", file + "-shm"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken)).Should().Be("held");
        return new Breakage(async () =>
        {
            process.StandardInput.Close();
            await process.WaitForExitAsync();
            process.Dispose();
        });
    }

    /// <summary>A write version that SQLite does not know makes a database read-only, also for who may write the file: https://sqlite.org/fileformat.html#file_format_version_numbers.</summary>
    private static async Task<Breakage> ReadOnlyAsync(string file)
    {
        while (true)
        {
            await EmptyLogAsync(file);
            SetWriteVersion(3);

            // Connections that read the page in between would go on with what they read; a new begin of the log makes them forget it.
            await EmptyLogAsync(file);
            try
            {
                // A page that the hub wrote in between hides it.
                await ExecuteAsync(file, "BEGIN IMMEDIATE; ROLLBACK");
            }
            catch (SqliteException refused) when (refused.SqliteErrorCode == 8)
            {
                return new Breakage(() => Run(() => SetWriteVersion(2)));
            }
        }

        void SetWriteVersion(byte version)
        {
            using var stream = Write(file);
            stream.Position = WriteVersion;
            stream.WriteByte(version);
        }
    }

    private static FileStream Write(string file) => new(file, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);

    private static async Task<SqliteConnection> OpenAsync(string file)
    {
        var connection = new SqliteConnection($"Data Source={file};Mode=ReadWrite;Pooling=False;Default Timeout=10");
        await connection.OpenAsync();
        return connection;
    }

    private static async Task ExecuteAsync(string file, string sql)
    {
        await using var connection = await OpenAsync(file);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Writes SQLite's log into the database: what is still in the log would be read, and the database be repaired, from there.</summary>
    private static async Task EmptyLogAsync(string file)
    {
        await using var connection = await OpenAsync(file);
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";

        // It does not fail but answers 1 where somebody reads or writes: https://sqlite.org/pragma.html#pragma_wal_checkpoint.
        await Eventually.TrueAsync(async () => await command.ExecuteScalarAsync() is 0L);
    }

    private static Task Run(Action act)
    {
        act();
        return Task.CompletedTask;
    }
}
