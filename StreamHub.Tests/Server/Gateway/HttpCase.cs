using System.Globalization;

namespace StreamHub.Tests.Server.Gateway;

/// <summary>One request and the app's answer to it, characters for bytes.</summary>
/// <param name="Name">What it is about; where the hub refuses it, docs/apps.md names it so.</param>
/// <param name="Lines">Header lines of the request beside Host and Connection.</param>
/// <param name="Closes">Whether the end of the connection is the end of the answer.</param>
/// <param name="Target">The target of the request, before its rest.</param>
internal sealed record HttpCase(
    string Name, string Method = "GET", string Rest = "x", string[]? Lines = null, string Body = "", string Answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", bool Closes = false, string Target = "{path}", string Version = "HTTP/1.1")
{
    private const string Ok = "HTTP/1.1 200 OK\r\n";

    private static readonly string[] AnswerNames =
    [
        "Content-Disposition", "Location", "Content-Location", "Content-Language", "ETag", "Server", "WWW-Authenticate", "Link", "Warning", "Refresh", "Vary", "Allow", "Via", "Age", "Expires", "Last-Modified", "Retry-After",
        "Accept-Ranges", "Access-Control-Allow-Origin", "Cross-Origin-Opener-Policy", "Permissions-Policy", "Server-Timing", "SourceMap", "X-Powered-By", "X-Frame-Options", "X-Content-Type-Options", "Referrer-Policy", "Pragma", "Content-MD5", "x-own",
        "X_Own", "Date",
    ];

    private static readonly string[] RequestNames =
    [
        "User-Agent", "Referer", "Authorization", "Accept", "Accept-Language", "Accept-Encoding", "Accept-Charset", "If-None-Match", "If-Match", "If-Range", "Range", "From", "Via", "Warning", "Cache-Control", "Pragma", "DNT", "Sec-Fetch-Site", "Date",
        "Content-Language", "Content-Location", "Content-Disposition", "Content-MD5", "Last-Event-ID", "X-Requested-With", "X-CSRFToken", "traceparent", "baggage", "Max-Forwards", "Destination", "Depth", "x-own", "X_Own", "Origin-Agent-Cluster", "Upgrade-Insecure-Requests",
    ];

    private static readonly string[] Spellings =
    [
        "", "a//b", "//", "///x//", "a/./b", "a/../b", "..", "../", "../../../etc/passwd", "./", "..;/x", "a%2fb", "a%2Fb", "%2f", "%2e%2e/x", "%2E%2e", ".%2e/", "..%2f..%2fx", "%5c", "a\\b", "\\..\\x", "a;b=c", ";", "%3b", "%ff", "%c3%28", "%c0%ae", "%80",
        "%e9", "%EC%84%9C%EC%9A%B8", "%ec%84%9c", "caf%C3%A9", "%25", "%2525", "%252e%252e%252f", "%", "%2", "%zz", "%u002e", "%0a", "%0d%0aX:%20y", "%7f", "%01", "a%20b", "a+b", "!$&'()*+,:@~-._", "[x]", "{x}|^`\"<>", "UPPER/lower", "%41", "%61", "x/", "x?", "app/other/", "app/other",
        "_hub/assets/x", "_stcore/metrics", "open/other/", "-", "%3F", "%23", "x%00y",
    ];

    public static IEnumerable<HttpCase> All =>
    [
        .. Methods(), .. Targets(), .. RequestHeaders(), .. Bodies(), .. AnswerHeaders(), .. Answers(), .. Addresses(),
    ];

    /// <summary>What an app at / has to get and to send like any other.</summary>
    public static IEnumerable<HttpCase> OfAddresses => [new("a body", "POST", Lines: ["Content-Length: 5"], Body: "hello"), .. Methods(), .. Targets(), .. RequestHeaders(), .. AnswerHeaders(), .. Addresses()];

    /// <summary>What Streamlit's page and its settings are asked with.</summary>
    public static IEnumerable<HttpCase> OfStreamlit
    {
        get
        {
            string[] conditional = ["Accept-Encoding: gzip", "If-None-Match: \"x\"", "If-Modified-Since: Wed, 21 Oct 2015 07:28:00 GMT", "Range: bytes=0-1", "If-Range: \"x\""];
            const string Validators = "ETag: \"x\"\r\nLast-Modified: Wed, 21 Oct 2015 07:28:00 GMT\r\nAccept-Ranges: bytes\r\n";
            const string Page = "<head><script src=\"./static/js/x.js\"></script></head>";
            const string Settings = "{\"allowedOrigins\": []}";
            yield return new("Streamlit's page", Rest: "", Lines: ["Accept: text/html", .. conditional], Answer: $"{Ok}Content-Type: text/html\r\n{Validators}Content-Length: {Page.Length}\r\n\r\n{Page}");
            yield return new("Streamlit's settings", Rest: "_stcore/host-config", Lines: conditional, Answer: $"{Ok}Content-Type: application/json\r\n{Validators}Content-Length: {Settings.Length}\r\n\r\n{Settings}");
            yield return new("a page of the author", Rest: "own", Lines: ["Accept: text/html"], Answer: Ok + "Content-Type: text/html\r\nContent-Length: 13\r\n\r\n<head></head>");
            yield return new("a call of the author", "POST", "api/orders", Lines: ["Content-Length: 5"], Body: "hello");
            yield return new("Streamlit's media", Rest: "media/x", Lines: conditional);
        }
    }

    /// <summary>The request on the wire.</summary>
    /// <param name="path">Where the app has its pages.</param>
    /// <param name="host">The host of the hub.</param>
    public string Request(string path, string host)
    {
        string[] close = Lines?.Any(line => line.StartsWith("Connection:", StringComparison.Ordinal)) == true ? [] : ["Connection: close"];
        return Filled(string.Join("\r\n", [$"{Method} {Target}{Rest} {Version}", "Host: {host}", .. close, .. Lines ?? [], "", ""])) + Body;

        string Filled(string text) => text.Replace("{path}", path, StringComparison.Ordinal).Replace("{host}", host, StringComparison.Ordinal);
    }

    /// <summary>What clients ask a web app that serves these paths.</summary>
    public static IEnumerable<HttpCase> OfWebApps(string[] paths)
    {
        foreach (var path in (string[])["", .. paths, "missing", "a//b", "%2e%2e%2fx", "a%20b+c", "%ED%95%9C", "?a=%2F&b=+&c"])
        {
            yield return new($"GET {path}", Rest: path);
            yield return new($"HEAD {path}", "HEAD", path);
            yield return new($"POST {path}", "POST", path, ["Content-Type: application/json", "Content-Length: 12"], "{\"count\": 7}");
        }

        foreach (var path in (string[])["", .. paths])
        {
            yield return new($"POST {path} in chunks", "POST", path, ["Content-Type: application/json", "Transfer-Encoding: chunked"], "c\r\n{\"count\": 7}\r\n0\r\n\r\n");
            yield return new($"OPTIONS {path}", "OPTIONS", path, ["Access-Control-Request-Method: GET"]);
            yield return new($"PROPFIND {path}", "PROPFIND", path, ["Depth: 1"]);
            yield return new($"a part of {path}", Rest: path, Lines: ["Range: bytes=0-4"]);
            yield return new($"{path} since tomorrow", Rest: path, Lines: ["If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT", "If-None-Match: *"]);
            yield return new($"{path} compressed", Rest: path, Lines: ["Accept-Encoding: gzip, br", "Accept: text/html", "Cookie: a=1"]);
            yield return new($"{path} of HTTP/1.0", Rest: path, Version: "HTTP/1.0");
        }
    }

    private static IEnumerable<HttpCase> Methods()
    {
        foreach (var method in (string[])["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "PROPFIND", "PROPPATCH", "MKCOL", "COPY", "MOVE", "LOCK", "UNLOCK", "REPORT", "SEARCH", "QUERY", "M-SEARCH", "PURGE", "LINK", "X~!#$%&'*+-.^_`|9"])
        {
            var answer = Ok + (method == "HEAD" ? "Content-Length: 2\r\n\r\n" : "Content-Length: 2\r\n\r\nok");
            yield return new($"method {method}", method, Answer: answer);
            yield return new($"method {method} with a body", method, Body: "hello", Lines: ["Content-Length: 5"], Answer: answer);
        }

        yield return new("method TRACE", "TRACE");
        yield return new("method CONNECT", "CONNECT");
        yield return new("POST of length 0", "POST", Lines: ["Content-Length: 0"]);
    }

    private static IEnumerable<HttpCase> Targets()
    {
        foreach (var spelling in Spellings)
        {
            yield return new(spelling == "x%00y" ? "path %00" : $"path {spelling}", Rest: spelling);
        }

        var visible = string.Concat(Enumerable.Range('!', '~' - '!' + 1).Select(character => (char)character).Except(['#']));
        yield return new("every visible character in a query", Rest: "x?" + visible);
        yield return new("a query with a query", Rest: "x?a=1?b=%2F%00%ff&&=;+%2B../..//");
        yield return new("an empty query", Rest: "?");
        yield return new("path #", Rest: "x#y");
        yield return new("target of other bytes", Rest: "caf\u00e9");
        yield return new("target of other bytes", Rest: "\u00ec\u0084\u009c?x=\u00e9");
        yield return new("target in absolute form", Target: "http://{host}{path}");
        yield return new("target of the whole server", "OPTIONS", Target: "*", Rest: "");
        yield return new("a client of HTTP/1.0", Version: "HTTP/1.0");
        yield return new("a body of a client of HTTP/1.0", "POST", Version: "HTTP/1.0", Lines: ["Content-Length: 5"], Body: "hello");
        yield return new("a long target", Rest: new string('a', 4000) + "?" + new string('b', 3000));
    }

    private static IEnumerable<HttpCase> RequestHeaders()
    {
        for (var first = 0x80; first <= 0xff; first += 32)
        {
            var bytes = Enumerable.Range(first, 32).Select(code => (char)code).ToArray();
            yield return new($"request header bytes from {first:x}", Lines: [.. bytes.Select(value => Invariant($"X-{(int)value:x}: {value}")), .. bytes.Select(value => Invariant($"X-In-{(int)value:x}: a {value}b"))]);
        }

        yield return new("request headers that are known", Lines: [.. RequestNames.Select(name => $"{name}: \u00e9\u0085\u00a0 {name} \u00ff")]);
        yield return new("request headers with their usual values", Lines:
        [
            "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)  x", "Accept: text/html,*/*;q=0.8", "Accept-Encoding: gzip, deflate,br", "Authorization: Basic a2ltOnNlY3JldA==", "If-Modified-Since: Wed, 21 Oct 2015 07:28:00 GMT", "Range: bytes=0-0,-1",
            "If-None-Match: W/\"a\" , \"b\"", "Cache-Control: max-age=0", "Origin: http://{host}", "Sec-Fetch-Mode: navigate", "X-Empty:", "X-Quoted: \"a;b=c, d\"", "X-Long: " + new string('x', 6000), "Priority: u=1, i",
        ]);
        yield return new("request headers in other spellings", Lines: ["x-lower: 1", "X-UPPER: 1", "X!#$%&'*+.^`|~: 1", "user-agent: x", "ACCEPT: x", "cOOKIE: a=1", "cache-control:no-cache", "X-Blanks:  \t a  b \t "]);
        yield return new("control characters in headers", Lines: ["X-Low: a\u0001\u0008b\u001f", "X-Delete: \u007f", "User-Agent: a\tb\u000bc"]);
        yield return new("many request headers", Lines: [.. Enumerable.Range(0, 90).Select(number => Invariant($"X-{number}: {number}"))]);
        yield return new("an offer of HTTP/2", Lines: ["Connection: Upgrade, HTTP2-Settings, close", "Upgrade: h2c", "HTTP2-Settings: AAEAAEAAAAIAAAAAAAMAAAAAAAQBAAAAAAUAAEAAAAYABgAA"]);
        yield return new("an offer of another protocol", "DELETE", Lines: ["Connection: close, upgrade", "Upgrade: TLS/1.2, SPDY/3.1"]);
        yield return new("offer of a protocol with a body", "POST", Lines: ["Connection: Upgrade, HTTP2-Settings, close", "Upgrade: h2c", "HTTP2-Settings: AAEAAEAAAAIAAAAA", "Content-Length: 5"], Body: "hello");
        yield return new("a request header twice", Lines: ["X-Twice: 1", "X-Twice: 2", "X-Comma: 1, 2", "X-Comma: \"3\""]);
        yield return new("cookies", Lines: ["Cookie: a=1; b=\u00e0; c=\"x y\"; d=voil\u00c3\u00a0; e=\u0085; =f; g"]);
        yield return new("cookies of the hub", Lines: ["Cookie: a=1; .StreamHub.Theme=dark; b=2"]);
        yield return new("headers of one connection", Lines: ["Keep-Alive: timeout=5", "TE: trailers", "Proxy-Authorization: Basic x", "Proxy-Connection: keep-alive", "Proxy-Authenticate: x"]);
        yield return new("identity that the client claims", Lines:
        [
            "X-StreamHub-User: boss", "X-Forwarded-For: 10.9.9.9", "X-Forwarded-Prefix: /x", "X-Original-URL: /x", "X-Real-IP: 10.9.9.9", "X-Client-IP: 10.9.9.9", "X-Cluster-Client-IP: 10.9.9.9", "X-ProxyUser-IP: 10.9.9.9", "X-Remote-User: boss", "X-Rewrite-URL: /x",
            "X-Auth-Request-User: boss", "X-Authenticated-User: boss", "X-WebAuth-User: boss", "X-Authentik-Username: boss", "X-Goog-Authenticated-User-Email: boss", "X-Goog-IAP-JWT-Assertion: x", "X-MS-Client-Principal: x", "X-Amzn-OIDC-Identity: x", "CF-Connecting-IP: 10.9.9.9",
            "Fastly-Client-IP: 10.9.9.9", "Fly-Client-IP: 10.9.9.9", "True-Client-IP: 10.9.9.9", "Client-IP: 10.9.9.9", "Forwarded: for=10.9.9.9", "X-Forwarded: x", "Forwarded-For: 10.9.9.9", "Remote-User: boss", "X_Forwarded_For: 10.9.9.9",
        ]);
    }

    private static IEnumerable<HttpCase> Bodies()
    {
        var bytes = string.Concat(Enumerable.Range(0, 256).Select(code => (char)code));
        yield return new("a body of every byte", "POST", Lines: ["Content-Length: 256", "Content-Type: application/x-\u00fcber; charset=\u00e9"], Body: bytes);
        yield return new("a body in chunks", "POST", Lines: ["Transfer-Encoding: chunked"], Body: "5\r\nhello\r\n1;x=y\r\n!\r\n0\r\n\r\n");
        yield return new("a body in chunks with trailers", "POST", Lines: ["Transfer-Encoding: chunked", "Trailer: X-Sum"], Body: "5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n");
        yield return new("a body that is waited for", "PUT", Lines: ["Content-Length: 5", "Expect: 100-continue"], Body: "hello");
        yield return new("a large body", "POST", Lines: ["Content-Length: 5000000"], Body: new string('x', 5_000_000));
        yield return new("a body with an encoding", "POST", Lines: ["Content-Length: 5", "Content-Encoding: gzip"], Body: "hello");
    }

    private static IEnumerable<HttpCase> AnswerHeaders()
    {
        string Head(IEnumerable<string> lines) => Ok + string.Concat(lines.Select(line => line + "\r\n")) + "Content-Length: 2\r\n\r\nok";
        var bytes = Enumerable.Range(0x80, 128).Select(code => (char)code).ToArray();
        yield return new("answer header bytes", Answer: Head(bytes.Select(value => Invariant($"X-{(int)value:x}: {value}")).Concat(bytes.Select(value => Invariant($"X-In-{(int)value:x}: a {value}b")))));
        yield return new("answer headers that are known", Answer: Head(AnswerNames.Select(name => $"{name}: \u00e9\u0085\u00a0 {name} \u00ff")));
        yield return new("a content type of any bytes", Answer: Head(["Content-Type: text/\u00fcber; charset=\u00ff"]));
        yield return new("a file name in three spellings", Answer: Head(["Content-Disposition: attachment; filename=\"\u00ec\u0084\u009c\u00ec\u009a\u00b8.csv\"", "X-Latin: \u00dcbersicht.csv", "X-Encoded: filename*=UTF-8''%C3%9C.csv"]));
        yield return new("answer headers as they come", Answer: Head(["X-Empty:", "X-Twice: 1", "X-Twice: 2", "X-Comma: a,b", "x-lower: 1", "X-Quoted: \"a;b\"", "X-Long: " + new string('y', 30_000), "Age: 0", "Date: Wed, 21 Oct 2015 07:28:00 GMT", "Connection: x-hop", "X-Kept: 1"]));
        yield return new("answer headers in other spellings", Answer: Head(["x-lower: 1", "X-UPPER: 1", "X!#$%&'*+.^`|~: 1", "content-type: text/html;charset=utf-8", "ETAG: \"x\"", "SERVER: x", "vary: a", "vary: b", "cache-control:no-cache", "X-Blanks:  \t a  b \t "]));
        yield return new("answer headers more than once", Answer: Head(["Link: </a>; rel=next", "Link: </b>; rel=prev", "WWW-Authenticate: Basic realm=\"a, b\"", "WWW-Authenticate: Negotiate", "Content-Language: ko", "Content-Language: en", "Allow: GET", "Allow: POST", "Warning: 1", "Warning: 2"]));
        yield return new("a header over two lines", Answer: Head(["X-Folded: a", "\tb", "  c"]));
        yield return new("control characters in headers", Answer: Head(["X-Low: a\u0001\u0008b\u001f", "X-Delete: \u007f", "Content-Disposition: attachment; filename=\"a\u0010.csv\"", "Set-Cookie: a=\u00021", "Server: a\tb\u000bc"]));
        yield return new("many answer headers", Answer: Head([.. Enumerable.Range(0, 300).Select(number => Invariant($"X-{number}: {number}"))]));
        yield return new("a policy of its own", Answer: Head(["Content-Security-Policy: default-src 'self'; frame-ancestors 'none'", "Cache-Control: public, max-age=60"]));
        yield return new("a WebSocket", Lines: ["Connection: Upgrade", "Upgrade: websocket", "Origin: http://{host}", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Protocol: a, b", "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits", "Cookie: a=1", "X-Own: 1"],
            Answer: "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: b\r\nSec-WebSocket-Extensions: permessage-deflate\r\nSet-Cookie: b=2\r\nX-Own: \u00e9\r\n\r\n", Closes: true);
        yield return new("no date", Answer: Head([]));
        yield return new("cookies that it sets", Answer: Head(
        [
            "Set-Cookie: a=Jos\u00e9; Path={app}", "Set-Cookie: b=voil\u00c3\u00a0; HttpOnly; SameSite=Lax", "Set-Cookie: c=1; Path={app}sub; Secure; Max-Age=9; Expires=Wed, 21 Oct 2099 07:28:00 GMT", "Set-Cookie: d=\"x y\"; Partitioned",
        ]));
        yield return new("cookies for everybody", Answer: Head(["Set-Cookie: a=1; Path=/; Domain=example.org", "Set-Cookie: .StreamHub.Theme=dark"]));
        yield return new("what rules the whole origin", Answer: Head(
        [
            "Alt-Svc: h3=\":443\"", "Clear-Site-Data: \"*\"", "NEL: {}", "Public-Key-Pins: x", "Report-To: {}", "Reporting-Endpoints: x=\"/y\"", "Service-Worker-Allowed: /", "Strict-Transport-Security: max-age=9",
        ]));
        yield return new("identity that the app claims", Answer: Head(["X-StreamHub-User: boss", "X-Forwarded-For: 10.9.9.9", "Forwarded: for=x"]));
        yield return new("headers of the app's connection", Answer: Head(["Keep-Alive: timeout=5", "Proxy-Authenticate: Basic", "Upgrade: h2c", "Connection: Keep-Alive"]));
    }

    private static IEnumerable<HttpCase> Answers()
    {
        foreach (var status in (int[])[200, 201, 202, 203, 206, 207, 208, 226, 299, 300, 301, 302, 303, 305, 306, 307, 308, 400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 418, 421, 422, 423, 424, 425, 426, 428, 429, 431, 451, 499, 500, 501, 502, 503, 504, 505, 507, 508, 511, 520, 599, 600, 799, 999])
        {
            yield return new($"status {status}", Answer: $"HTTP/1.1 {status} So it is\r\nContent-Length: 2\r\nX-Own: 1\r\n\r\nok");
        }

        yield return new("status 204", Answer: "HTTP/1.1 204 No Content\r\nX-Own: 1\r\n\r\n");
        yield return new("status 204 with a length", Answer: "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\nX-Own: 1\r\n\r\n");
        yield return new("status 304 with a length", Answer: "HTTP/1.1 304 Not Modified\r\nContent-Length: 12345\r\n\r\n");
        yield return new("HEAD in chunks", "HEAD", Answer: Ok + "Transfer-Encoding: chunked\r\n\r\n");
        yield return new("an empty body in chunks", Answer: Ok + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
        yield return new("no reason", Answer: "HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\nok");
        yield return new("no reason and no blank", Answer: "HTTP/1.1 299\r\nContent-Length: 2\r\n\r\nok");
        yield return new("interim answers", Answer: "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 199 X\r\nX: 1\r\n\r\n" + Ok + "Content-Length: 2\r\n\r\nok");
        yield return new("encodings", Answer: Ok + "Content-Encoding: x-own, br\r\nContent-Length: 3\r\n\r\n\u0000\u00ff\u008b");
        yield return new("parts", Answer: "HTTP/1.1 206 Partial Content\r\nContent-Type: multipart/byteranges; boundary=x\r\nContent-Length: 5\r\n\r\n--x--");
        yield return new("status 205", Answer: "HTTP/1.1 205 Reset Content\r\nContent-Length: 0\r\n\r\n");
        yield return new("status 304", Answer: "HTTP/1.1 304 Not Modified\r\nETag: W/\"x\"\r\nLast-Modified: Wed, 21 Oct 2015 07:28:00 GMT\r\n\r\n");
        yield return new("HEAD with a length", "HEAD", Answer: Ok + "Content-Length: 12345\r\nContent-Type: text/csv\r\n\r\n");
        yield return new("HEAD without a length", "HEAD", Answer: Ok + "Content-Type: text/csv\r\n\r\n");
        yield return new("a reason of other bytes", Answer: "HTTP/1.1 200 \u00dcbersicht\r\nContent-Length: 2\r\n\r\nok");
        yield return new("an answer in chunks", Answer: Ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n");
        yield return new("an answer in chunks with trailers", Answer: Ok + "Transfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n");
        yield return new("an answer up to the end of the connection", Answer: Ok + "Content-Type: text/plain\r\n\r\nhello", Closes: true);
        yield return new("an answer of HTTP/1.0", Answer: "HTTP/1.0 200 OK\r\nServer: SimpleHTTP/0.6 Python/3.11\r\nContent-Length: 2\r\n\r\nok", Closes: true);
        yield return new("an answer that breaks off", Answer: Ok + "Content-Length: 10\r\n\r\nhello", Closes: true);
        yield return new("an answer in chunks that breaks off", Answer: Ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", Closes: true);
        yield return new("an answer with an encoding", Answer: Ok + "Content-Encoding: gzip\r\nVary: Accept-Encoding\r\nContent-Length: 5\r\n\r\n\u001f\u008bxyz");
        yield return new("a part", Answer: "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-1/10\r\nAccept-Ranges: bytes\r\nContent-Length: 2\r\n\r\nok");
        yield return new("an interim answer", Answer: "HTTP/1.1 103 Early Hints\r\nLink: </x.css>; rel=preload\r\n\r\n" + Ok + "Content-Length: 2\r\n\r\nok");
        yield return new("a large answer", Answer: Ok + "Content-Length: 300000\r\n\r\n" + new string('\u00fe', 300_000));
    }

    private static IEnumerable<HttpCase> Addresses()
    {
        yield return new("an address of another host", Answer: "HTTP/1.1 302 Found\r\nLocation: https://login.example/?next=http://127.0.0.1/\u00e9\r\nContent-Length: 0\r\n\r\n");
        yield return new("an address without a host", Answer: "HTTP/1.1 302 Found\r\nLocation: {app}x/../y?z#\u00fc\r\nContent-Length: 0\r\n\r\n");
        yield return new("links and a refresh", Answer: Ok + "Link: <{app}x.css>; rel=preload; title=\"</y>, <z>\", <other>; rel=\"next\"\r\nLink: <https://cdn.example/x>; rel=preconnect\r\nRefresh: 5; url={app}later\r\nSourceMap: {app}x.map\r\nContent-Length: 2\r\n\r\nok");
        yield return new("links and a refresh to the run's own port", Answer: Ok + "Link: <http://127.0.0.1:{port}{app}x.css>; rel=preload\r\nRefresh: 0;URL='http://localhost:{port}{app}later'\r\nSourceMap: http://[::1]:{port}{app}x.map\r\nContent-Length: 2\r\n\r\nok");
        yield return new("an address of the run's own port", Answer: "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:{port}{app}there?x=1\r\nContent-Location: http://127.0.0.1:{port}{app}here\r\nContent-Length: 0\r\n\r\n");
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
