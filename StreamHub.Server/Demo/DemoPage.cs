using System.Globalization;
using System.Net;
using Microsoft.Extensions.Localization;
using StreamHub.Server.Resources;

namespace StreamHub.Server.Demo;

/// <summary>The demo app's only page.</summary>
internal static class DemoPage
{
    /// <summary>The page, in the visitor's language, with a greeting for the user that the hub names.</summary>
    public static string Render(HttpContext context)
    {
        var text = context.RequestServices.GetRequiredService<IStringLocalizer<DemoText>>();
        var user = Uri.UnescapeDataString(context.Request.Headers["X-StreamHub-User"].ToString());
        return $$"""
            <!doctype html>
            <html lang="{{CultureInfo.CurrentUICulture.TwoLetterISOLanguageName}}">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <meta name="color-scheme" content="light dark">
            <title>{{Encode(text["Title"])}}</title>
            <style>
              body { font: 16px/1.5 "Segoe UI Variable", "Segoe UI", "Malgun Gothic", "Noto Sans KR", "Noto Sans CJK KR", sans-serif;
                max-width: 40rem; margin: 3rem auto; padding: 0 1rem; word-break: keep-all }
              output { display: block; font-size: 3rem; font-variant-numeric: tabular-nums }
              button { font: inherit; padding: .5rem 1rem; border-radius: 6px }
            </style>
            <main>
              <h1>{{Encode(text["Title"])}}</h1>
              <p>{{Encode(user.Length == 0 ? text["Intro"] : text["IntroNamed", user])}}</p>
              <p><span id="clock-label">{{Encode(text["Clock"])}}</span> <output id="clock" aria-labelledby="clock-label" aria-live="off">--:--:--</output></p>
              <p><span id="count-label">{{Encode(text["Count"])}}</span> <output id="count" aria-labelledby="count-label">0</output></p>
              <button id="add" disabled>{{Encode(text["Add"])}}</button>
              <p id="lost" role="status" hidden>{{Encode(text["Lost"])}}</p>
            </main>
            <script type="module">
              const add = document.getElementById("add"), lost = document.getElementById("lost");
              let socket;
              function connect() {
                socket = new WebSocket(new URL("live", location.href.replace(/^http/, "ws")));
                socket.onopen = () => { add.disabled = false; lost.hidden = true; };
                socket.onmessage = message => {
                  const { time, count } = JSON.parse(message.data);
                  document.getElementById("clock").textContent = time;
                  document.getElementById("count").textContent = count;
                };
                socket.onclose = () => { add.disabled = true; lost.hidden = false; setTimeout(connect, 1000); };
              }
              add.onclick = () => socket.send("+1");
              connect();
            </script>
            """;
    }

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
