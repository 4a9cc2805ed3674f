using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using StreamHub.Server.Audit;
using StreamHub.Server.Configuration;
using StreamHub.Server.Entries;
using StreamHub.Server.Users.Import;

namespace StreamHub.Tests.Server.Admin;

/// <summary>Tables of users, in and out, over a hub in Seoul whose admin sits at 127.0.0.1.</summary>
public sealed class UserImportTests : IAsyncLifetime
{
    private const string Header = "name,role,addresses,apps,expires,disabled,hours\r\n";

    private static readonly UserEntry Kim = new()
    {
        Name = "김철수", Addresses = ["10.0.0.7", "10.1.0.0/24"], Apps = ["demo"], Expires = new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.FromHours(9)), Disabled = true, Hours = ["Mon-Fri 08:00-18:00", "Sat 22:00-06:00"],
    };

    private FullHub hub = null!;
    private HttpClient client = null!;

    public async ValueTask InitializeAsync()
    {
        hub = await FullHub.StartAsync(null, "TimeZone=Asia/Seoul");
        await hub.AddUserAsync("boss", "admin", "127.0.0.1");
        client = new HttpClient { BaseAddress = hub.Admin };
        client.DefaultRequestHeaders.Add("Origin", hub.Admin.GetLeftPart(UriPartial.Authority));
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await hub.DisposeAsync();
    }

    [Theory]
    [InlineData("\uFEFFname,role,addresses,apps,expires,disabled,hours\r\n김철수,user,10.0.0.7 10.1.0.0/24,demo,2026-12-31,true,Mon-Fri 08:00-18:00; Sat 22:00-06:00\r\n")]
    [InlineData("name;addresses;role;apps;expires;disabled;hours\n김철수;\"10.0.0.7; 10.1.0.0/24\";;demo;2027-01-01T00:00:00+09:00;TRUE;\"Mon-Fri 08:00-18:00;Sat 22:00-06:00\"")]
    [InlineData("Hours\tDisabled\tExpires\tApps\tAddresses\tName\r\n\"Mon-Fri 08:00-18:00\nSat 22:00-06:00\"\ttrue\t2026-12-31T15:00:00Z\tdemo\t\"10.0.0.7\n10.1.0.0/24\"\t\"김철수\"\r\n\t\t\t\t\t\r\n\r\n")]
    public async Task What_spreadsheets_write_is_read(string text)
    {
        var result = await ImportAsync(text);
        result.Errors.Should().BeEmpty();
        Find("김철수").Should().BeEquivalentTo(Kim);
        hub.Editor.Export().Users.Should().HaveCount(2, "nobody is removed");
    }

    [Fact]
    public async Task What_is_exported_can_be_edited_and_imported()
    {
        await SaveAsync(Kim, new UserEntry { Name = "=cmd", Addresses = ["10.0.0.8"], AllowWide = true }, new UserEntry { Name = "'=x", Expires = new DateTimeOffset(2030, 5, 5, 12, 30, 15, TimeSpan.Zero) });
        var bytes = await client.GetByteArrayAsync(new Uri("/api/v1/users.csv", UriKind.Relative));
        bytes.Take(3).Should().Equal(Encoding.UTF8.Preamble.ToArray());
        var text = Encoding.UTF8.GetString(bytes[3..]);
        text.Should().StartWith(Header).And.Contain("\r\n김철수,user,\"10.0.0.7; 10.1.0.0/24\",demo,2026-12-31,true,\"Mon-Fri 08:00-18:00; Sat 22:00-06:00\"\r\n").And.Contain("'=cmd,").And.Contain("''=x,");

        (await hub.Get<UserImport>().RunAsync(bytes, default, FullHub.Actor, default)).Should().BeEquivalentTo(ChangeResult.Done(), "nothing was edited");
        (await ImportAsync(text.Replace("10.0.0.8", "10.0.0.9", StringComparison.Ordinal))).Changes.Should().Equal("user =cmd: addresses 10.0.0.8 -> 10.0.0.9");
        Find("=cmd").AllowWide.Should().BeTrue("what no column is about stays");
    }

    [Fact]
    public async Task Columns_that_are_not_there_stay_and_empty_cells_empty()
    {
        await SaveAsync(Kim);
        (await ImportAsync("name,hours\n김철수,\n")).Changes.Should().Equal("user 김철수: hours Mon-Fri 08:00-18:00 Sat 22:00-06:00 -> none");
        Find("김철수").Should().BeEquivalentTo(Kim with { Hours = null });
    }

    [Theory]
    [InlineData("name,addresses\nkim,10.0.0.7\nlee,10.0.0.300 10.0.0.8\n", "row 3, addresses: '10.0.0.300' is not an address or a CIDR range")]
    [InlineData("name,addresses\nkim,10.0.0.7\nlee,10.0.0.7\n", "row 2, addresses: '10.0.0.7' already belongs to the user lee; it cannot belong to kim too|row 3, addresses: '10.0.0.7' already belongs to the user kim; it cannot belong to lee too")]
    [InlineData("name\nkim\n\nkim\n", "row 4, name: 'kim' is also the name of row 2")]
    [InlineData("name,apps\nkim,nosuch\n", "row 2, apps: there is no app 'nosuch'")]
    [InlineData("name,role\nkim,boss\n", "row 2, role: 'boss' is not a role: admin or user")]
    [InlineData("name,expires,disabled\nkim,31.12.2026,maybe\n", "row 2, expires: '31.12.2026' is not a day such as 2026-11-30 or an instant such as 2026-11-30T18:00:00+09:00|row 2, disabled: 'maybe' is neither true nor false")]
    [InlineData("name,hours\nkim,Mon 8-9\n", "row 2, hours: 'Mon 8-9' is not week days and hours such as 'Mon-Fri 08:00-18:00' or 'Sat,Sun 22:00-06:00'; a whole day is 00:00-24:00")]
    [InlineData("name,role\nkim\n,user\n", "row 2: it has 1 cells, the header 2|row 3, name: '' is not a name: 1 to 64 characters without control characters")]
    [InlineData("name,role\nkim,user,x\n", "row 2: it has 3 cells, the header 2")]
    [InlineData("name,colour,colour\nkim,red,red\n", "row 1: there is no column 'colour'; accepted are name, role, addresses, apps, expires, disabled, hours|row 1: the column 'colour' is given twice")]
    [InlineData("role\nuser\n", "row 1: the column 'name' is missing")]
    [InlineData("", "row 1: a header is expected: name, role, addresses, apps, expires, disabled, hours")]
    [InlineData("name,apps\nki\"m,demo\nlee,demo\n", "row 2: its quotes do not go together")]
    [InlineData("name,apps\nkim,\"demo\nlee,demo\n", "row 2: its quotes do not go together")]
    public async Task Every_error_names_row_and_column_and_nothing_is_done(string text, string errors)
    {
        var before = hub.Editor.Export().Users.Count;
        var result = await ImportAsync(text);
        result.Errors.Select(error => error.ToString()).Should().SatisfyRespectively(errors.Split('|').Select(expected => (Action<string>)(error => error.Should().StartWith(expected))).ToArray());
        result.Changes.Should().BeEmpty();
        hub.Editor.Export().Users.Should().HaveCount(before);
    }

    [Fact]
    public async Task Other_code_pages_and_large_files_are_refused()
    {
        (await hub.Get<UserImport>().RunAsync([.. "name\n"u8, 0xb1, 0xe8], default, FullHub.Actor, default)).Errors.Should().ContainSingle().Which.Message.Should().Contain("CSV UTF-8");
        (await hub.Get<UserImport>().RunAsync(new byte[UserTable.LargestFile + 1], default, FullHub.Actor, default)).Errors.Should().ContainSingle().Which.Message.Should().Be("the file is larger than 1024 KiB");
    }

    [Fact]
    public async Task The_api_plans_imports_and_refuses()
    {
        var (plan, planned) = await PostAsync("/api/v1/users/import?dryRun=true", Header + "lee,,10.0.0.8,demo,,,\r\n");
        plan.Should().Be(HttpStatusCode.OK);
        planned.GetProperty("changes").EnumerateArray().Select(line => line.GetString()).Should().Equal("user lee: created");
        planned.GetProperty("gains").GetArrayLength().Should().Be(0);
        hub.Editor.Export().Users.Should().HaveCount(1, "a plan changes nothing");

        var (wrong, problem) = await PostAsync("/api/v1/users/import", "name,addresses\r\nlee,nowhere\r\n");
        wrong.Should().Be(HttpStatusCode.BadRequest);
        problem.GetProperty("errors").GetProperty("row 2, addresses")[0].GetString().Should().Contain("'nowhere'");

        (await PostAsync("/api/v1/users/import", Header + "lee,,10.0.0.8,demo,,,\r\n")).Status.Should().Be(HttpStatusCode.OK);
        Find("lee").Apps.Should().Equal("demo");
        (await PostAsync("/api/v1/users/import", "name,addresses\r\nboss,\r\n")).Status.Should().Be(HttpStatusCode.BadRequest, "the last admin stays");
        (await PostAsync("/api/v1/users/import", Header, "application/x-www-form-urlencoded")).Status.Should().Be(HttpStatusCode.OK, "so curl calls what it sends");
    }

    [Theory]
    [InlineData("row 3", 3, "")]
    [InlineData("row 3.addresses[10]", 3, "addresses")]
    [InlineData("row 12, name", 12, "name")]
    public void A_place_is_read_however_it_is_written(string path, int row, string column)
    {
        CsvCell.TryParse(path, out var cell).Should().BeTrue();
        cell.Should().Be(new CsvCell(row, column));
        CsvCell.TryParse(cell.ToString(), out var again).Should().BeTrue();
        again.Should().Be(cell);
    }

    private UserEntry Find(string name) => hub.Editor.Export().Users.Single(user => user.Name == name);

    private Task<ChangeResult> ImportAsync(string text) => hub.Get<UserImport>().RunAsync(Encoding.UTF8.GetBytes(text), default, FullHub.Actor, default);

    private async Task SaveAsync(params UserEntry[] users)
    {
        foreach (var user in users)
        {
            (await hub.Editor.SaveUserAsync(user, null, FullHub.Actor, default)).Errors.Should().BeEmpty();
        }
    }

    private async Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(string path, string text, string type = "text/csv")
    {
        using var body = new StringContent(text, Encoding.UTF8, new MediaTypeHeaderValue(type));
        using var answer = await client.PostAsync(new Uri(path, UriKind.Relative), body);
        var json = await answer.Content.ReadAsStringAsync();
        return (answer.StatusCode, !json.StartsWith('{') ? default : JsonSerializer.Deserialize<JsonElement>(json));
    }
}
