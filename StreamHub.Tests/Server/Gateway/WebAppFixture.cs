using System.Text.Json;
using System.Text.Json.Nodes;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Server.Entries;
using StreamHub.Tests.Rules;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Server.Gateway;

/// <summary>A hub with the web apps of docs/apps.md, as the page has them but for the folders. kim may open all.</summary>
public sealed class WebAppFixture : IAsyncLifetime
{
    private const string Chapter = "## Web apps";

    private readonly PersonaClient kim = new("127.0.0.7");
    private FullHub? hub;

    internal FullHub Hub => hub!;

    internal PersonaClient Kim => kim;

    public string Folder { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        var python = await E2E.WebPythonAsync();
        Folder = Path.Combine(AppContext.BaseDirectory, "Server", "Apps", "web");
        hub = await FullHub.StartAsync();
        var apps = Entries(python, Folder);
        foreach (var app in apps)
        {
            (await hub.Editor.SaveAppAsync(app, original: null, FullHub.Actor, CancellationToken.None)).Errors.Should().BeEmpty();
        }

        await hub.AddUserAsync("kim", "user", "127.0.0.7", [.. apps.Select(app => app.Slug)]);
    }

    public async ValueTask DisposeAsync()
    {
        kim.Dispose();
        if (hub is not null)
        {
            await hub.DisposeAsync();
        }
    }

    /// <summary>Starts an app, as its first visit does.</summary>
    internal Task<Instance> RunAsync(string slug) => Hub.RunAsync(new InstanceKey(AppSlug.Parse(slug)));

    private static AppEntry[] Entries(string python, string folder)
    {
        var page = File.ReadAllText(Path.Combine(Sources.Root, "docs", "apps.md"));
        var from = page.IndexOf("```json", page.IndexOf(Chapter, StringComparison.Ordinal), StringComparison.Ordinal) + "```json".Length;
        var text = page[from..page.IndexOf("```", from, StringComparison.Ordinal)]
            .Replace("/srv/web/bin", Path.GetDirectoryName(python), StringComparison.Ordinal).Replace("/srv/apps", folder, StringComparison.Ordinal);
        var errors = new List<EntryError>();
        var apps = JsonNode.Parse(text)!["apps"]!.AsArray().Select(app => EntryJson.Read<AppEntry>(app!.ToJsonString(JsonSerializerOptions.Default), errors)).ToArray();
        errors.Should().BeEmpty();
        apps.Should().HaveCount(6);
        return apps;
    }
}
