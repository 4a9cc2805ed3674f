using StreamHub.Domain.Apps;

namespace StreamHub.Server.Http;

/// <summary>A feature of a request: the app whose pages are framed, or the page of which is the frame. Set for visitors who may open the app.</summary>
/// <param name="IsShell">Whether the request is for the frame itself.</param>
internal sealed record FramedApp(App App, bool IsShell = false);
