using System.Text.Json;
using System.Text.Json.Nodes;
using StreamHub.Domain.Apps;
using StreamHub.Server.Entries;

namespace StreamHub.Tests.Server.Admin;

public sealed class EntryJsonTests
{
    [Fact]
    public void Every_error_of_a_file_is_told_in_one_go_with_its_path()
    {
        var (file, errors) = EntryJson.ReadFile("""
            {
              "$schema": "http://hub/api/v1/schema", "users": [ { "name": "kim", "name": "lee", "role": 1, "disabled": "yes", "expires": "soon", "addresses": "10.0.0.1" }, 7 ],
              "apps": [ { "slug": "s", "flavour": "red", "minRuns": 1.5, "maxSessions": 99999999999, "env": { "A": 1, "B": "b", "B": "c" }, "args": [null, "x", {}], "name": null } ],
              "groups": [],
            }
            """);
        errors.Select(error => error.ToString()).Should().Equal(
            "users[0].name: is given twice",
            "users[0].role: a text is expected, not a number",
            "users[0].disabled: true or false is expected, not a text",
            "users[0].expires: 'soon' is not an instant such as 2030-12-31T18:00:00Z or 2030-12-31T18:00:00+09:00",
            "users[0].addresses: a list is expected, not a text",
            "users[1]: an object is expected, not a number",
            $"apps[0].flavour: is an unknown key; accepted are {string.Join(", ", EntryJson.Options.GetTypeInfo(typeof(AppEntry)).Properties.Select(property => property.Name))}",
            "apps[0].minRuns: a whole number is expected, not 1.5",
            "apps[0].maxSessions: a whole number is expected, not 99999999999",
            "apps[0].env.A: a text is expected, not a number",
            "apps[0].env.B: is given twice",
            "apps[0].args[0]: a text is expected, not null",
            "apps[0].args[2]: a text is expected, not an object",
            "groups: is an unknown key; accepted are $schema, users, apps");
        file.Users.Should().ContainSingle().Which.Name.Should().Be("kim");
        file.Apps.Should().ContainSingle().Which.Should().BeEquivalentTo(new { Slug = "s", Name = "", Args = new[] { "x" } }, "what can be read is read");
    }

    [Theory]
    [InlineData("[]", "$: an object is expected, not a list")]
    [InlineData("{ \"users\": [ } ]", "line 1: not JSON")]
    [InlineData("{\n\"users\"", "line 2: not JSON")]
    public void What_is_no_file_is_told(string text, string error) =>
        EntryJson.ReadFile(text).Errors.Should().ContainSingle().Which.ToString().Should().StartWith(error);

    [Fact]
    public void Half_a_character_is_told_wherever_it_is()
    {
        var (_, errors) = EntryJson.ReadFile("""{ "users": [ { "expires": "\udc00" } ], "apps": [ { "slug": "s", "description": "a\ud800b", "env": { "\ud800": "x", "A": "\ud83d\ude00" }, "args": ["\ud83d"] } ], "\ude00": 1 }""");
        errors.Select(error => error.ToString()).Should().Equal(((string[])["users[0].expires", "apps[0].description", "apps[0].env", "apps[0].args[0]", "$"]).Select(path => $"{path}: half of a surrogate pair (\\ud800 to \\udfff) is not a character"));
    }

    [Theory]
    [InlineData("2030-12-31T18:00:00Z", true)]
    [InlineData("2030-12-31T18:00+09:00", true)]
    [InlineData("2030-12-31T18:00:00.123-01:30", true)]
    [InlineData("2030-12-31T18:00:00", false)]
    [InlineData("2030-12-31", false)]
    public void An_instant_has_its_offset(string text, bool accepted)
    {
        var errors = new List<EntryError>();
        var user = EntryJson.Read<UserEntry>($$"""{ "expires": "{{text}}" }""", errors);
        (errors.Count == 0, user.Expires is not null).Should().Be((accepted, accepted));
    }

    [Fact]
    public void Words_of_enums_are_spelt_as_their_names_in_camel_case()
    {
        Spelling.All<InstanceMode>().Should().Equal("shared", "perUser");
        Spelling.TryParse<InstanceMode>("perUser", out var mode).Should().BeTrue();
        mode.Should().Be(InstanceMode.PerUser);
        foreach (var text in new[] { "peruser", "PerUser", "1", "", null })
        {
            Spelling.TryParse<InstanceMode>(text, out _).Should().BeFalse();
        }
    }

    [Fact]
    public void The_schema_names_every_member_with_its_words()
    {
        var schema = JsonNode.Parse(EntrySchema.Text)!;
        var app = schema["properties"]!["apps"]!["items"]!;
        app["additionalProperties"]!.GetValue<bool>().Should().BeFalse();
        app["properties"]!.AsObject().Select(member => member.Key).Should().Equal(EntryJson.Options.GetTypeInfo(typeof(AppEntry)).Properties.Select(property => property.Name));
        app["properties"]!["priority"]!["enum"]!.ToJsonString().Should().Be("""["low","normal","high",null]""");
        app["properties"]!["runtime"]!["enum"]!.ToJsonString().Should().Be("""["streamlit","command","demo"]""");
        app["properties"]!["env"]!["additionalProperties"]!["type"]!.GetValue<string>().Should().Be("string");
        var user = schema["properties"]!["users"]!["items"]!["properties"]!;
        user["expires"]!["format"]!.GetValue<string>().Should().Be("date-time");
        user["role"]!["description"]!.GetValue<string>().Should().NotBeEmpty();
        schema["properties"]!["$schema"].Should().NotBeNull();
    }
}
