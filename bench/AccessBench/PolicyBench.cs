using System.Net;
using BenchmarkDotNet.Attributes;
using StreamHub.Domain.Access;

namespace AccessBench;

/// <summary>What a decision of the gate costs by the number of rules, beside a scan of System.Net.IPNetwork.</summary>
[MemoryDiagnoser]
public class PolicyBench
{
    private const int Asked = 1024;

    private readonly DateTimeOffset now = DateTimeOffset.UnixEpoch;
    private readonly IPAddress[] addresses = new IPAddress[Asked];
    private AccessPolicy policy = AccessPolicy.Empty;
    private IPNetwork[] networks = [];
    private int next;

    /// <summary>Addresses and ranges; half of them single addresses, the rest of 12 lengths, a tenth IPv6.</summary>
    [Params(10, 1_000, 100_000)]
    public int Rules { get; set; }

    /// <summary>Makes rules, and questions of which half hit a rule.</summary>
    [GlobalSetup]
    public void Make()
    {
        var random = new Random(42);
        var ranges = new HashSet<AddressRange>();
        while (ranges.Count < Rules)
        {
            var isIPv4 = random.Next(10) > 0;
            var longest = isIPv4 ? 32 : 128;
            var length = random.Next(2) == 0 ? longest : longest - random.Next(1, 13);
            ranges.Add(AddressRange.Parse(new IPNetwork(Masked(Address(random, isIPv4), length), length).ToString()));
        }

        policy = AccessPolicy.Create(ranges.Chunk(2).Select((pair, index) =>
            new User(UserName.Parse($"user {index}"), Role.User, [.. pair], [], null) { AllowWide = true }));
        networks = [.. ranges.Select(range => range.ToString() is var text && text.Contains('/', StringComparison.Ordinal) ? IPNetwork.Parse(text) : Single(text)).OrderByDescending(network => network.PrefixLength)];
        for (var i = 0; i < Asked; i++)
        {
            addresses[i] = i % 2 == 0 ? networks[random.Next(networks.Length)].BaseAddress : Address(random, isIPv4: true);
        }
    }

    /// <summary>The hub's own: from the connection's address to the decision.</summary>
    [Benchmark]
    public AccessDecision Decide() => policy.Decide(ClientAddress.From(addresses[next++ % Asked]), now);

    /// <summary>The peer: the longest of the networks that contain the address, by asking one after another.</summary>
    [Benchmark(Baseline = true)]
    public int Scan()
    {
        var address = addresses[next++ % Asked];
        for (var i = 0; i < networks.Length; i++)
        {
            if (networks[i].Contains(address))
            {
                return i;
            }
        }

        return -1;
    }

    private static IPNetwork Single(string text) => IPAddress.Parse(text) is var address ? new IPNetwork(address, address.GetAddressBytes().Length * 8) : default;

    private static IPAddress Address(Random random, bool isIPv4)
    {
        var bytes = new byte[isIPv4 ? 4 : 16];
        random.NextBytes(bytes);
        if (!isIPv4)
        {
            (bytes[0], bytes[1]) = (0x20, 0x01);
        }

        return new IPAddress(bytes);
    }

    private static IPAddress Masked(IPAddress address, int length)
    {
        var bytes = address.GetAddressBytes();
        for (var bit = length; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        return new IPAddress(bytes);
    }
}
