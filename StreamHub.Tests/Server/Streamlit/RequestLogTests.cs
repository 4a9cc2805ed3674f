using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Server.Streamlit;

/// <summary>Requests in an app's output, which Streamlit's servers log after a change of config.toml.</summary>
public sealed class RequestLogTests
{
    // The records of uvicorn (protocols/http/h11_impl.py) and Tornado (web.py, log_request).
    private const string Requests = """
        import importlib.util, logging, sys
        spec = importlib.util.spec_from_file_location("launcher_server", sys.argv[1])
        launcher = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(launcher)
        launcher.log_no_health_checks()
        logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(message)s")
        for path in ("/app/x/_stcore/health", "/app/x/", "/app/x/api/health"):
            logging.getLogger("uvicorn.access").info('%s - "%s %s HTTP/%s" %d', "127.0.0.1:1", "GET", path, "1.1", 200)
            logging.getLogger("tornado.access").info("%d %s %.2fms", 200, f"GET {path} (127.0.0.1)", 1)
        """;

    [Fact]
    public async Task The_health_checks_of_the_hub_are_not_among_them()
    {
        var launcher = Path.Combine(AppContext.BaseDirectory, "Streamlit", "Launcher", "launcher_server.py");
        var (code, output) = await Tool.RunAsync("python3", ["-c", Requests, launcher], FullHub.Patience);
        (code, output.ReplaceLineEndings("\n").Trim()).Should().Be((0, """
            127.0.0.1:1 - "GET /app/x/ HTTP/1.1" 200
            200 GET /app/x/ (127.0.0.1) 1.00ms
            127.0.0.1:1 - "GET /app/x/api/health HTTP/1.1" 200
            200 GET /app/x/api/health (127.0.0.1) 1.00ms
            """));
    }
}
