using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using StreamHub.Server.Entries;

namespace StreamHub.Tests.Server.Admin;

/// <summary>Description, icon and group of an app, in a file and through the API, and what neither accepts.</summary>
public sealed class AppLabelTests(SharedHub shared) : IClassFixture<SharedHub>, IAsyncLifetime
{
    private readonly FullHub hub = shared.Hub;
    private readonly HttpClient client = new() { BaseAddress = shared.Hub.Admin };

    public async ValueTask InitializeAsync()
    {
        client.DefaultRequestHeaders.Add("Origin", hub.Admin.GetLeftPart(UriPartial.Authority));
        if (hub.Editor.Export().Users.Count == 0)
        {
            await hub.AddUserAsync("boss", "admin", "127.0.0.1");
        }
    }

    public ValueTask DisposeAsync()
    {
        client.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task They_are_kept_by_the_API_and_the_file_and_taken_away_by_leaving_them_out()
    {
        await PutAsync(new { name = "Sales", runtime = "demo", description = "  Orders <b>by day</b>  ", icon = "📈", group = "Finance" });
        var app = (await client.GetFromJsonAsync<JsonElement>("/api/v1/apps")).EnumerateArray().Single(entry => entry.GetProperty("slug").GetString() == "sales");
        Labels(app).Should().Be(("Orders <b>by day</b>", "📈", "Finance"), "it is plain text, without white space around it");
        var (file, errors) = EntryJson.ReadFile(EntryWriter.Write(hub.Editor.Export()));
        errors.Should().BeEmpty();
        (await hub.Editor.ApplyAsync(file, [], plan: true, FullHub.Actor, default)).Changes.Should().BeEmpty();

        file.Apps.Single(entry => entry.Slug == "sales").Group = "Sales";
        (await hub.Editor.ApplyAsync(file, [], plan: false, FullHub.Actor, default)).Changes.Should().Equal("app sales: group Finance -> Sales");
        await PutAsync(new { name = "Sales", runtime = "demo", description = "", icon = " " });
        hub.Editor.Export().Apps.Single(entry => entry.Slug == "sales").Should().BeEquivalentTo(new { Description = (string?)null, Icon = (string?)null, Group = (string?)null });
    }

    [Theory]
    [InlineData("description", "over", "at most 200 characters in one line, without control characters, are accepted: 201 are given")]
    [InlineData("description", "two\nlines", "at most 200 characters in one line, without control characters, are accepted: 9 are given")]
    [InlineData("group", "over", "at most 64 characters in one line, without control characters, are accepted: 65 are given")]
    [InlineData("group", "a\u001b[31mb", "at most 64 characters in one line, without control characters, are accepted: 7 are given")]
    [InlineData("icon", "chart.png", "'chart.png' is not an icon: an emoji, or one or two characters")]
    [InlineData("prefix", "strip", "means nothing to the runtime demo")]
    [InlineData("workingDirectory", "/usr", "means nothing to the runtime demo")]
    [InlineData("startTimeout", "0s", "'0s' is not a duration: a whole number above 0 with s, m, h or d after it")]
    [InlineData("checks", "maybe", "'maybe' is not accepted: on or off")]
    public async Task What_is_not_accepted_is_told_by_name_and_nothing_changes(string field, string value, string error)
    {
        var given = value != "over" ? value : new string('x', field == "group" ? 65 : 201);
        await PutAsync(new { name = "Sales", runtime = "demo", description = new string('x', 200), icon = "Ab", group = new string('x', 64) });
        var before = EntryWriter.Write(hub.Editor.Export());
        var entry = new Dictionary<string, string> { ["name"] = "Sales", ["runtime"] = "demo", [field] = given };
        using var answer = await client.PutAsJsonAsync("/api/v1/apps/sales", entry);
        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").GetProperty(field)[0].GetString().Should().Be(error);

        entry["slug"] = "sales";
        var (file, _) = EntryJson.ReadFile($$"""{ "apps": [ {{JsonSerializer.Serialize(entry)}} ] }""");
        (await hub.Editor.ApplyAsync(file, [], plan: false, FullHub.Actor, default)).Errors.Select(one => one.ToString()).Should().Equal($"apps[0].{field}: {error}");
        EntryWriter.Write(hub.Editor.Export()).Should().Be(before);
    }

    private static (string?, string?, string?) Labels(JsonElement app) =>
        (app.GetProperty("description").GetString(), app.GetProperty("icon").GetString(), app.GetProperty("group").GetString());

    private async Task PutAsync(object entry)
    {
        using var answer = await client.PutAsJsonAsync("/api/v1/apps/sales", entry);
        answer.StatusCode.Should().Be(HttpStatusCode.OK);
    }
}
