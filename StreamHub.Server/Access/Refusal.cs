namespace StreamHub.Server.Access;

/// <summary>A refusal in one line, for programs.</summary>
internal static class Refusal
{
    public static Task WriteAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text + "\n", context.RequestAborted);
    }
}
