using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using StreamHub.Server.Listeners;
using StreamHub.Server.Settings;

namespace StreamHub.Tests.Server.Threats;

/// <summary>T12, T13, T14: whom a chain of proxies speaks for, against an oracle that knows what each word means.</summary>
public sealed class ForwardedChainTests(ThreatHub threats) : IClassFixture<ThreatHub>
{
    private const string Nobody = "(nobody)";
    private const string Here = "(this machine)";

    /// <summary>The first addresses of the machine's cards.</summary>
    private static readonly (string Word, string? Address)[] OfThisMachine =
    [
        .. NetworkInterface.GetAllNetworkInterfaces().SelectMany(card => card.GetIPProperties().UnicastAddresses)
            .Select(unicast => unicast.Address).Where(address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address)).Take(2)
            .Select(address => (address.ToString(), (string?)Here)),
    ];

    /// <summary>Words of a chain and the address that each one names; null for what names none.</summary>
    private static readonly (string Word, string? Address)[] Words =
    [
        (ThreatHub.FarBoss, ThreatHub.FarBoss), (ThreatHub.FarKim, ThreatHub.FarKim), (ThreatHub.FarLee, ThreatHub.FarLee), ("192.0.2.9", "192.0.2.9"), ("10.0.0.5", "10.0.0.5"), ("2001:db8::5", "2001:db8::5"), ("2001:0DB8:0:0::0005", "2001:db8::5"),
        ("::ffff:198.51.100.7", ThreatHub.FarKim), ("::FFFF:c633:6402", ThreatHub.FarBoss), ("0:0:0:0:0:ffff:c633:6408", ThreatHub.FarLee),
        (ThreatHub.FarProxy, ThreatHub.FarProxy), ("::ffff:198.51.100.41", ThreatHub.FarProxy), (ThreatHub.Proxy, Here), (ThreatHub.Boss, Here), ("127.0.0.1", Here), ("::1", Here), ("::ffff:127.0.0.2", Here), .. OfThisMachine,
        ("127.0.0.2:80", Here), ("[::1]:80", Here), ("[::1]", Here), ("[::ffff:127.0.0.2]:65535", Here), ("198.51.100.41:1", ThreatHub.FarProxy), ("198.51.100.7:56655", ThreatHub.FarKim), ("[::ffff:198.51.100.7]:443", ThreatHub.FarKim),
        ("[2001:db8::5]", "2001:db8::5"), ("[2001:db8::5]:56655", "2001:db8::5"), ("64:ff9b::7f00:2", "64:ff9b::7f00:2"), ("2002:7f00:2::", "2002:7f00:2::"), ("::7f00:2", "::127.0.0.2"),
        ("", null), ("unknown", null), ("_hidden", null), ("127.0.0.2:", null), ("127.0.0.2:x", null), ("127.0.0.2:99999", null), ("127.0.0.2 :80", null), ("127.0.0.2:80:80", null), ("[127.0.0.2]:80", null), ("[::1", null), ("[::1]80", null), ("2001:db8::5:56655", null), ("127.0.0.02", null), ("0177.0.0.2", null), ("127.2", null), ("2130706434", null), ("0x7f000002", null), ("127.0.0.2.", null),
        ("127.0.0.256", null), ("fe80::1%eth0", null), ("[fe80::1%eth0]", null), ("[fe80::1%25eth0]:443", null), ("198.51.100.7:0", null), ("198.51.100.7:056655", null), ("198.51.100.7:+80", null), ("[2001:db8::5]:", null), ("[2001:db8::5]:65536", null), ("[2001:db8::5] :80", null), ("[198.51.100.7]", null), ("[]", null), ("[]:80", null), ("]:80", null), (":80", null), ("127.0.0.2/32", null), ("::1/128", null), ("\"127.0.0.2\"", null), ("for=127.0.0.2", null), ("127.0.0.2 127.0.0.7", null), ("127.0.0.2;", null), ("localhost", null), ("1::2::3", null), ("\u00c2\u00a0127.0.0.2", null), ("-1", null),
    ];

    /// <summary>Chains as header lines, '|' between two lines.</summary>
    private static readonly string[] ByHand =
    [
        ThreatHub.FarKim, ThreatHub.FarBoss, "198.51.100.2, 198.51.100.7", "198.51.100.7, 198.51.100.2", "198.51.100.2,198.51.100.7,198.51.100.41", "198.51.100.2|198.51.100.7", "198.51.100.7|198.51.100.2", "198.51.100.2|198.51.100.7|198.51.100.41", "198.51.100.7,198.51.100.41|198.51.100.41",
        "198.51.100.41", "198.51.100.41, 198.51.100.41", "198.51.100.41|198.51.100.41", "198.51.100.7, 198.51.100.41, 198.51.100.41, 198.51.100.41", "", ",", "198.51.100.7,", ",198.51.100.7", "198.51.100.7,,198.51.100.41", "|198.51.100.7", "198.51.100.7|", "unknown", "unknown, 198.51.100.7", "198.51.100.7, unknown",
        "198.51.100.7\t,\t198.51.100.41", string.Join(", ", Enumerable.Repeat(ThreatHub.FarBoss, 99)) + ", " + ThreatHub.FarKim, ThreatHub.FarKim + ", " + string.Join(", ", Enumerable.Repeat(ThreatHub.FarProxy, 100)),

        // What a proxy of this machine says when an app asks it, with a chain of the app's own; and a person's chain that only mentions this machine.
        "198.51.100.2, 127.0.0.1", "198.51.100.2|127.0.0.1", "198.51.100.2, 127.0.0.40", "198.51.100.2, 127.0.0.1, 198.51.100.41", "198.51.100.2, ::1", "127.0.0.2, 198.51.100.7", "127.0.0.1, 198.51.100.7, 198.51.100.41",
    ];

    [Fact]
    public async Task A_chain_speaks_for_the_first_that_is_no_proxy_from_the_right_or_for_nobody()
    {
        // The same chains in each run.
        var random = new Random(20250);
        var meaning = Words.ToDictionary(word => word.Word, word => word.Address, StringComparer.Ordinal);
        var drawn = Enumerable.Range(0, 40).Select(_ => string.Join('|', Enumerable.Range(0, random.Next(1, 4)).Select(_ => string.Join(", ", Enumerable.Range(0, random.Next(1, 4)).Select(_ => Draw(random))))));
        var wrong = new List<string>();
        var admitted = 0;
        foreach (var chain in Words.Select(word => word.Word).Concat(ByHand).Concat(drawn))
        {
            var lines = chain.Split('|');
            string?[] words = [.. lines.SelectMany(line => line.Split(',')).Select(word => meaning[word.Trim(' ', '\t')])];
            var oracle = words.Contains(null) ? Nobody : words.LastOrDefault(word => word != ThreatHub.FarProxy) is { } last && last != Here ? last : Nobody;
            var said = await WhoAsync(ThreatHub.Proxy, [.. lines.Select(line => "X-Forwarded-For: " + line)]);
            admitted += oracle is ThreatHub.FarKim or ThreatHub.FarLee or ThreatHub.FarBoss ? 1 : 0;
            if (said != oracle)
            {
                wrong.Add($"'{chain}' is {oracle}, but the hub took it for {said}");
            }

            // From anybody else a chain says nothing.
            if (await WhoAsync(ThreatHub.Unregistered, [.. lines.Select(line => "X-Forwarded-For: " + line)]) != ThreatHub.Unregistered)
            {
                wrong.Add($"'{chain}' was believed of a stranger");
            }
        }

        admitted.Should().BeGreaterThan(15);
        string.Join('\n', wrong).Should().BeEmpty();
    }

    [Theory]
    [InlineData("Connection: close, X-Forwarded-For")]
    [InlineData("Forwarded: for=127.0.0.2")]
    [InlineData("X-Real-IP: 127.0.0.2")]
    [InlineData("X_Forwarded_For: 127.0.0.2")]
    [InlineData("X-Forwarded-Proto: https")]
    public async Task A_proxy_that_does_not_say_for_whom_gets_nothing(string header)
    {
        (await WhoAsync(ThreatHub.Proxy, header)).Should().Be(Nobody);
        foreach (var listener in Enum.GetValues<Listener>())
        {
            foreach (var target in (string[])["/", "/app/sales/", "/api/v1/apps", "/claim?token=x"])
            {
                (await threats.AskAsync(ThreatHub.Proxy, listener, "GET", target, header)).IsRefusal.Should().BeTrue();
            }
        }

        var old = await RawClient.SendAsync(ThreatHub.Proxy, threats.Port(Listener.Users), System.Text.Encoding.Latin1.GetBytes($"GET / HTTP/1.0\r\nHost: {threats.Authority(Listener.Users)}\r\n\r\n"));
        old.Status.Should().Be(403);
        threats.Seen().Should().BeEmpty();
    }

    [Fact]
    public async Task Pages_behind_a_proxy_that_speaks_HTTPS_are_the_hubs_own()
    {
        string[] handshake = ["Connection: Upgrade, close", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "X-Forwarded-For: " + ThreatHub.FarKim, "X-Forwarded-Proto: https"];
        var secure = $"Origin: https://{threats.Authority(Listener.Users)}";
        (await threats.AskAsync(ThreatHub.Proxy, Listener.Users, "GET", "/app/sales/", [.. handshake, secure])).Status.Should().Be(101);
        var headers = threats.Sales.Seen.Single().Headers;
        (headers["X-Forwarded-Proto"], headers["X-StreamHub-User"], headers["X-Forwarded-For"], headers["Origin"]).Should().Be(("https", "kim", ThreatHub.FarKim, secure["Origin: ".Length..]));
        threats.Seen();
        (await threats.AskAsync(ThreatHub.Proxy, Listener.Users, "GET", "/app/sales/", [.. handshake, secure.Replace("https", "http", StringComparison.Ordinal)])).Status.Should().Be(403);
        (await threats.AskAsync(ThreatHub.Kim, Listener.Users, "GET", "/app/sales/", [.. handshake, secure])).Status.Should().Be(403, "kim is no proxy");
        threats.Seen().Should().BeEmpty();
    }

    private static string Draw(Random random) => Words[random.Next(3) == 0 ? random.Next(Words.Length) : random.Next(14)].Word;

    /// <summary>The address that the hub takes a request for; its pages show it to those who are let in and those who are not.</summary>
    private async Task<string> WhoAsync(string peer, params string[] headers)
    {
        var answer = await threats.AskAsync(peer, Listener.Users, "GET", "/", ["Accept: text/html", .. headers]);
        var shown = System.Text.RegularExpressions.Regex.Match(answer.Body, "<code[^>]*>([^<]*)</code>").Groups[1].Value;
        var isAdmitted = shown is ThreatHub.FarKim or ThreatHub.FarLee or ThreatHub.FarBoss;
        return answer.Status == 400 || (answer.Status == 403 && !answer.Body.Contains('<')) ? Nobody
            : answer.Status == (isAdmitted ? 200 : 403) && IPAddress.TryParse(shown, out _) ? shown
            : $"{answer.Status} {shown}";
    }
}
