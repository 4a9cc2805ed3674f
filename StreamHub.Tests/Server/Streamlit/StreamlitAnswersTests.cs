using System.IO.Compression;
using System.Net;
using System.Net.Http;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using StreamHub.Server.Streamlit;

namespace StreamHub.Tests.Server.Streamlit;

/// <summary>What the hub answers in Streamlit's place, and instead of an app that does not.</summary>
public sealed class StreamlitAnswersTests : IAsyncLifetime
{
    private const string Script = "console.log('a script that is long enough to be worth compressing, a script that is long enough')";

    private readonly DirectoryInfo installed = new DirectoryInfo(TestDirectory.Create());
    private ReadyApp hub = null!;
    private RecordingBackend backend = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Path.Combine(installed.FullName, "static", "js"));
        await File.WriteAllTextAsync(Path.Combine(installed.FullName, "index.html"), """<script src="./static/js/main.js"></script>""", Cancellation);
        await File.WriteAllTextAsync(Path.Combine(installed.FullName, "static", "js", "main.js"), Script, Cancellation);
        hub = await ReadyApp.StartAsync(installed.FullName);
        backend = await RecordingBackend.StartAsync();
        await hub.ReadyAsync(backend);
    }

    public async ValueTask DisposeAsync()
    {
        await hub.DisposeAsync();
        await backend.DisposeAsync();
        installed.Delete(recursive: true);
    }

    [Theory]
    [InlineData("br")]
    [InlineData("gzip")]
    [InlineData(null)]
    public async Task Streamlits_own_files_are_served_compressed_and_for_good_without_the_app(string? encoding)
    {
        using var response = await AskAsync("/app/demo/static/js/main.js", ("Accept-Encoding", encoding));

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        response.Headers.CacheControl!.ToString().Should().Contain("immutable").And.Contain("max-age=31536000");
        response.Content.Headers.ContentEncoding.Should().BeEquivalentTo(encoding is null ? [] : new[] { encoding });
        await using var body = await response.Content.ReadAsStreamAsync(Cancellation);
        await using Stream plain = encoding switch
        {
            "br" => new BrotliStream(body, CompressionMode.Decompress),
            "gzip" => new GZipStream(body, CompressionMode.Decompress),
            _ => body,
        };
        (await new StreamReader(plain).ReadToEndAsync(Cancellation)).Should().Be(Script);
        backend.Seen.Should().BeEmpty();
    }

    [Theory]
    [InlineData("/app/demo/static/js/none.js", HttpStatusCode.NotFound)]
    [InlineData("/app/demo/static/C:/Windows/win.ini", HttpStatusCode.NotFound)]
    public async Task Nothing_else_is_served_from_the_installation(string address, HttpStatusCode expected)
    {
        using var response = await AskAsync(address);
        response.StatusCode.Should().Be(expected);
        backend.Seen.Should().BeEmpty();
    }

    [Theory]
    [InlineData("/app/demo/static/%2e%2e/index.html")]
    [InlineData("/app/demo/static/js//main.js")]
    [InlineData("/app/demo/static/js/../js/main.js")]
    [InlineData("/app/demo/static%2fjs/main.js")]
    [InlineData("/app/demo/static/js/main.js%3b")]
    public async Task A_file_in_another_spelling_is_the_apps_to_serve(string address)
    {
        using var response = await AskAsync(address);
        (await response.Content.ReadAsStringAsync(Cancellation)).Should().Be("app");
        backend.Seen.Should().ContainSingle().Which.Target.Should().Be(address);
    }

    [Theory]
    [InlineData("static/x", "", "/hub.db")]
    [InlineData("static/x.js", "app-key", "")]
    [InlineData("static/x.js", "../outside.js", "")]
    [InlineData("static/x.js", "/dev/zero", "")]
    [InlineData("static/x", "/proc/self", "/environ")]
    public async Task Behind_a_link_out_of_the_installation_the_app_answers(string link, string target, string rest)
    {
        target = target == "../outside.js" ? Path.Combine(TestDirectory.Create(), "outside.js") : Path.Combine(hub.DataDirectory, target);
        if (!Directory.Exists(target) && !File.Exists(target))
        {
            await File.WriteAllTextAsync(target, "secret", Cancellation);
        }

        File.CreateSymbolicLink(Path.Combine(installed.FullName, link), target);

        foreach (var encoding in (string?[])[null, "gzip"])
        {
            using var response = await AskAsync($"/app/demo/{link}{rest}", ("Accept-Encoding", encoding));
            (await response.Content.ReadAsStringAsync(Cancellation)).Should().Be("app");
        }
    }

    [Fact]
    public async Task A_link_inside_of_the_installation_is_followed_and_parts_are_served()
    {
        File.CreateSymbolicLink(Path.Combine(installed.FullName, "static", "x.js"), Path.Combine("js", "main.js"));
        using var response = await AskAsync("/app/demo/static/x.js", ("Range", "bytes=0-6"));
        response.StatusCode.Should().Be(HttpStatusCode.PartialContent);
        (await response.Content.ReadAsStringAsync(Cancellation)).Should().Be(Script[..7]);
        backend.Seen.Should().BeEmpty();
    }

    [Fact]
    public async Task A_huge_file_is_served_as_it_is()
    {
        await using (var huge = new FileStream(Path.Combine(installed.FullName, "static", "huge.js"), FileMode.CreateNew))
        {
            huge.SetLength(StreamlitAssets.LargestCompressed + 1);
        }

        using var response = await AskAsync("/app/demo/static/huge.js", ("Accept-Encoding", "gzip"));
        response.Content.Headers.ContentEncoding.Should().BeEmpty();
        (await response.Content.ReadAsByteArrayAsync(Cancellation)).Length.Should().Be((int)StreamlitAssets.LargestCompressed + 1);
    }

    [Fact]
    public async Task A_file_that_an_upgrade_holds_is_the_apps_to_answer_until_it_can_be_read()
    {
        using (new FileStream(Path.Combine(installed.FullName, "static", "js", "main.js"), FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            using var held = await AskAsync("/app/demo/static/js/main.js", ("Accept-Encoding", "gzip"));
            (await held.Content.ReadAsStringAsync(Cancellation)).Should().Be("app");
        }

        using var free = await AskAsync("/app/demo/static/js/main.js", ("Accept-Encoding", "gzip"));
        free.Content.Headers.ContentEncoding.Should().Equal("gzip");
    }

    [Fact]
    public async Task Host_config_keeps_what_the_app_says_and_trusts_the_shell_alone()
    {
        backend.Answer = context => context.Response.WriteAsJsonAsync(
            new { allowedOrigins = new[] { "https://evil.example" }, useExternalAuthToken = false, metricsUrl = "off", enableCustomParentMessages = true },
            Cancellation);

        using var response = await AskAsync("/app/demo/_stcore/host-config");

        var config = await JsonSerializer.DeserializeAsync<JsonElement>(await response.Content.ReadAsStreamAsync(Cancellation), cancellationToken: Cancellation);
        config.GetProperty("allowedOrigins").EnumerateArray().Select(origin => origin.GetString())
            .Should().Equal(hub.Address.GetLeftPart(UriPartial.Authority));
        config.GetProperty("metricsUrl").GetString().Should().Be("off");
        config.GetProperty("enableCustomParentMessages").GetBoolean().Should().BeFalse();
    }

    [Fact]
    public async Task Host_config_that_cannot_be_read_is_a_bad_gateway()
    {
        backend.Answer = context => context.Response.WriteAsync("not JSON", Cancellation);
        using var response = await AskAsync("/app/demo/_stcore/host-config");
        response.StatusCode.Should().Be(HttpStatusCode.BadGateway);
    }

    [Theory]
    [InlineData("text/html; charset=utf-8", "<head><title>앱</title><script src=\"./static/js/x.js\"></script></head><body>", "<head><title>앱</title><script src=\"./static/js/x.js\"></script><script type=\"module\" src=\"/_hub/assets/bare.js\"></script></head><body>")]
    [InlineData("text/html", "<head><title>A route of the author</title></head>", "<head><title>A route of the author</title></head>")]
    [InlineData("text/html", "<p>no head", "<p>no head")]
    [InlineData("text/plain", "</head>", "</head>")]
    public async Task Streamlits_page_gets_the_hubs_script_and_nothing_else_does(string type, string sent, string received)
    {
        backend.Answer = context =>
        {
            context.Response.ContentType = type;
            context.Response.ContentLength = System.Text.Encoding.UTF8.GetByteCount(sent);
            context.Response.Headers.ETag = "\"its-own\"";
            return context.Response.WriteAsync(sent, Cancellation);
        };

        using var response = await AskAsync("/app/demo/deep", ("Accept", "text/html"), ("Accept-Encoding", "gzip"), ("If-None-Match", "\"its-own\""), ("Range", "bytes=0-1"));

        (await response.Content.ReadAsStringAsync(Cancellation)).Should().Be(received);
        response.Headers.Contains("ETag").Should().Be(type == "text/plain", "a changed page is another than the app's");
        backend.Seen.Should().ContainSingle().Which.Headers.Keys.Should().NotContain(["Accept-Encoding", "If-None-Match", "Range"]);
    }

    [Fact]
    public async Task Handshake_that_Streamlit_would_never_answer_is_refused_at_once()
    {
        using var response = await AskAsync(
            "/app/demo/_stcore/stream",
            ("Connection", "Upgrade"),
            ("Upgrade", "websocket"),
            ("Sec-WebSocket-Version", "13"),
            ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
            ("Origin", hub.Address.GetLeftPart(UriPartial.Authority)),
            ("Cookie", new string('a', 9000)));
        response.StatusCode.Should().Be(HttpStatusCode.RequestHeaderFieldsTooLarge);
        backend.Seen.Should().BeEmpty();
    }

    private async Task<HttpResponseMessage> AskAsync(string address, params (string Name, string? Value)[] headers)
    {
        var origin = hub.Address.GetLeftPart(UriPartial.Authority);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(origin + address, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        foreach (var (name, value) in headers.Where(header => header.Value is not null))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await hub.Client.SendAsync(request, Cancellation);
    }
}
