using System.Globalization;

namespace StreamHub.Tests.TestKit;

/// <summary>Ports for the apps of one hub, reserved among all tests of this machine, other test runs included.</summary>
internal sealed class PortRange : IDisposable
{
    private const int Size = 50;

    // Privileged ports lie below; above those of hubs in this process, and those that Linux hands out to anybody (ip(7), ip_local_port_range).
    private const int Lowest = 10_000;
    private const int Ranges = (20_000 - Lowest) / Size;

    private static int next = Environment.ProcessId;

    private readonly FileStream reservation;

    private PortRange(int first, FileStream reservation) => (First, this.reservation) = (first, reservation);

    public int First { get; }

    public int Last => First + Size - 1;

    /// <summary>Reserves a range until it is disposed of or the process ends, however that happens.</summary>
    public static PortRange Reserve()
    {
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "streamhub-test-ports"));
        for (var tries = 0; tries < Ranges; tries++)
        {
            // The ranges take turns: ports that were used last have the longest rest.
            var first = Lowest + ((int)((uint)Interlocked.Increment(ref next) % Ranges) * Size);
            try
            {
                return new PortRange(first, new FileStream(Path.Combine(folder.FullName, $"{first}"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException)
            {
                // Another hub has it.
            }
        }

        throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"All {Ranges} port ranges are reserved in {folder.FullName}."));
    }

    /// <summary>As <c>StreamHub:Apps:Ports</c> takes it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{First}-{Last}");

    public void Dispose() => reservation.Dispose();
}
