namespace StreamHub.Tests.TestKit.Machines;

/// <summary>A Python virtual environment with the web frameworks of docs/apps.md.</summary>
internal static class WebVenv
{
    // What Shiny needs beside its optional parts, which have packages of their own.
    private static readonly string[] Packages =
    [
        "dash==4.4.1", "flask==3.1.3", "fastapi==0.165.0", "uvicorn", "starlette", "websockets", "htmltools", "narwhals", "orjson", "questionary", "watchfiles", "python-multipart", "asgiref", "markdown-it-py", "mdit-py-plugins", "linkify-it-py",
        "opentelemetry_api", "prompt_toolkit", "packaging", "typing_extensions", "platformdirs",
    ];

    public static Task<Provision> ProvideAsync() => new PythonVenv("web-1", Packages, ["--no-deps", "shiny==1.8.0", "shinychat"]).ProvideAsync();
}
