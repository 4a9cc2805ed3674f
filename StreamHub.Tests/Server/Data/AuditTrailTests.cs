using CsCheck;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using StreamHub.Server.Audit;
using StreamHub.Server.Cli;
using StreamHub.Server.Data;
using StreamHub.Server.Data.Rows;
using StreamHub.Server.Settings;
using StreamHub.Tests.Server.Admin;

namespace StreamHub.Tests.Server.Data;

public sealed class AuditTrailTests
{
    private const int Rows = 12;
    private const string Unlock = "DROP TRIGGER audit_keeps_rows; DROP TRIGGER audit_keeps_content; ";

    private static readonly string[] Columns = ["At", "Actor", "Address", "Action", "Target", "Before", "After", "Hash"];

    [Fact]
    public async Task Every_edit_removal_and_cut_is_found_and_the_first_bad_row_named()
    {
        var settings = await WrittenAsync();
        (await VerifyAsync(settings)).Should().Be((Rows, null));
        var edit = Gen.Select(Gen.Int[1, Rows], Gen.OneOf(Columns))
            .Select(edit => ($"UPDATE audit SET \"{edit.Item2}\" = coalesce(\"{edit.Item2}\", '') || '7' WHERE Sequence = {edit.Item1}", edit.Item1));
        var removal = Gen.Int[1, Rows].Select(row => ($"DELETE FROM audit WHERE Sequence = {row}", row == Rows ? Rows : row + 1));
        var cut = Gen.Int[1, Rows].Select(row => ($"DELETE FROM audit WHERE Sequence >= {row}", row));
        var swap = Gen.Int[1, Rows - 1].Select(row => (
            $"UPDATE audit SET Sequence = -1 WHERE Sequence = {row}; UPDATE audit SET Sequence = {row} WHERE Sequence = {row + 1}; UPDATE audit SET Sequence = {row + 1} WHERE Sequence = -1",
            row));
        await Gen.OneOf(edit, removal, cut, swap).SampleAsync(
            async tampering =>
            {
                var copy = Copy(settings);
                Execute(copy, Unlock + tampering.Item1);
                (await VerifyAsync(copy)).Fault.Should().StartWith($"row {tampering.Item2} ", tampering.Item1);
            },
            iter: 40, threads: 1);
    }

    [Fact]
    public async Task Cut_tail_shows_when_the_head_was_cut_with_it()
    {
        var settings = await WrittenAsync();
        await CutIsMissedAsync(settings, last: 5);
    }

    [Fact]
    public async Task Lost_anchors_and_heads_show_and_nothing_is_sealed_anew()
    {
        var settings = await WrittenAsync();
        File.Delete(AuditTrail.AnchorFileIn(settings.DataDirectory));
        (await VerifyAsync(settings)).Fault.Should().Contain("is missing");
        Execute(settings, "DELETE FROM hub_facts WHERE \"Key\" = 'audit-head'");
        (await VerifyAsync(settings)).Fault.Should().Contain("audit-head");
        File.Exists(AuditTrail.AnchorFileIn(settings.DataDirectory)).Should().BeFalse();
    }

    [Theory]
    [InlineData(20, "")]
    [InlineData(1, "")]
    [InlineData(2, "")]
    [InlineData(69, "")]
    [InlineData(20, "\0\0\0")]
    [InlineData(0, "")]
    public async Task Crash_before_the_anchor_is_no_fault_then_or_later(int lost, string left)
    {
        var settings = await WrittenAsync();
        var file = AuditTrail.AnchorFileIn(settings.DataDirectory);
        var text = await File.ReadAllTextAsync(file);
        await File.WriteAllTextAsync(file, text[..^lost] + left);
        (await VerifyAsync(settings)).Should().Be((Rows, null));

        await AppendAsync(settings);
        (await VerifyAsync(settings)).Should().Be((Rows + 1, null));
        var lines = await File.ReadAllLinesAsync(file);
        lines.Should().HaveCount(lost < 2 ? Rows + 2 : Rows + 1, "a half line is none, a whole one stays").And.OnlyContain(line => line.Length > 64 && line.Length < 72);
        await CutIsMissedAsync(settings, last: Rows);
    }

    [Fact]
    public async Task Anchor_file_stays_short_and_the_kept_lines_still_reveal_a_cut()
    {
        var settings = await WrittenAsync();
        var file = AuditTrail.AnchorFileIn(settings.DataDirectory);
        var lines = await File.ReadAllTextAsync(file);
        await File.WriteAllTextAsync(file, string.Concat(Enumerable.Repeat(lines, 2 * 1024 * 1024 / lines.Length)));

        await AppendAsync(settings);

        new FileInfo(file).Length.Should().BeLessThan(100 * 1024);
        (await VerifyAsync(settings)).Should().Be((Rows + 1, null));
        await CutIsMissedAsync(settings, last: Rows);
    }

    [Fact]
    public async Task What_the_hub_never_writes_is_found_though_more_was_written_since()
    {
        var settings = await WrittenAsync();
        await File.AppendAllTextAsync(AuditTrail.AnchorFileIn(settings.DataDirectory), "nothing to see");
        await AppendAsync(settings);
        (await VerifyAsync(settings)).Fault.Should().StartWith("line ").And.EndWith("is not one that the hub wrote");
    }

    [Fact]
    public async Task Writers_of_two_processes_keep_one_chain()
    {
        var settings = TestHub.NewSettings();
        await DataTemplate.BeginAsync(settings.DataDirectory);
        await using (var one = await CommandServices.CreateAsync(settings, default))
        await using (var other = await CommandServices.CreateAsync(settings, default))
        {
            await Task.WhenAll(Enumerable.Range(0, 40).Select(number => Task.Run(() =>
                (number % 2 == 0 ? one : other).GetRequiredService<AuditTrail>().AppendAsync([Row(number)], default))));
        }

        (await VerifyAsync(settings)).Should().Be((40, null));
    }

    [Theory]
    [InlineData("UPDATE audit SET Actor = 'x'")]
    [InlineData("DELETE FROM audit")]
    public async Task Table_itself_refuses_to_change_rows(string sql)
    {
        var settings = await WrittenAsync();
        var change = () => Execute(settings, sql);
        change.Should().Throw<SqliteException>().WithMessage("*append-only*");
    }

    [Fact]
    public async Task Rows_older_than_the_chain_are_sealed_once()
    {
        var settings = await WrittenAsync();
        Execute(settings, Unlock + "UPDATE audit SET Hash = ''; DELETE FROM hub_facts");
        File.Delete(AuditTrail.AnchorFileIn(settings.DataDirectory));
        (await VerifyAsync(settings)).Should().Be((Rows, null));
    }

    [Fact]
    public async Task Refused_act_is_written_down_with_its_reasons()
    {
        await using var hub = await TestHub.StartAsync();
        (await hub.Editor.SaveUserAsync(new() { Name = "kim", Addresses = ["nowhere"] }, null, new Actor("lee", "10.0.0.3"), default)).Succeeded.Should().BeFalse();
        await using var db = await hub.Get<IDbContextFactory<HubDbContext>>().CreateDbContextAsync();
        var row = await db.Audit.SingleAsync();
        (row.Actor, row.Address, row.Action, row.Target).Should().Be(("lee", "10.0.0.3", "user.save.refused", "kim"));
        row.After.Should().Contain("addresses[0]: 'nowhere'");
        (await hub.Get<AuditTrail>().VerifyAsync(default)).Fault.Should().BeNull();
    }

    /// <summary>Cuts off the rows after one, and the head with them: they are missed.</summary>
    private static async Task CutIsMissedAsync(HubSettings settings, int last)
    {
        Execute(settings, Unlock + $"""
            DELETE FROM audit WHERE Sequence > {last};
            UPDATE hub_facts SET Value = (SELECT '{last} {last} ' || Hash FROM audit WHERE Sequence = {last}) WHERE "Key" = 'audit-head';
            """);
        (await VerifyAsync(settings)).Fault.Should().StartWith($"row {last + 1} is missing");
    }

    private static async Task<HubSettings> WrittenAsync()
    {
        var settings = TestHub.NewSettings();
        await DataTemplate.BeginAsync(settings.DataDirectory);
        await using var services = await CommandServices.CreateAsync(settings, default);
        for (var number = 0; number < Rows; number++)
        {
            await services.GetRequiredService<AuditTrail>().AppendAsync([Row(number)], default);
        }

        return settings;
    }

    private static async Task AppendAsync(HubSettings settings)
    {
        await using var services = await CommandServices.CreateAsync(settings, default);
        await services.GetRequiredService<AuditTrail>().AppendAsync([Row(Rows)], default);
    }

    private static AuditRow Row(int number) => new()
    {
        At = DateTimeOffset.UnixEpoch.AddMinutes(number),
        Actor = "kim",
        Action = "user.changed",
        Target = $"user{number}",
        Before = number % 3 == 0 ? null : "{}",
        After = """{"name":"x"}""",
    };

    private static HubSettings Copy(HubSettings settings)
    {
        var copy = TestHub.NewSettings();
        Execute(settings, "PRAGMA wal_checkpoint(TRUNCATE)");
        File.Copy(HubDatabase.FileIn(settings.DataDirectory), HubDatabase.FileIn(copy.DataDirectory));
        File.Copy(AuditTrail.AnchorFileIn(settings.DataDirectory), AuditTrail.AnchorFileIn(copy.DataDirectory));
        return copy;
    }

    private static async Task<(long Rows, string? Fault)> VerifyAsync(HubSettings settings)
    {
        await using var services = await CommandServices.CreateAsync(settings, default);
        var (rows, fault) = await services.GetRequiredService<AuditTrail>().VerifyAsync(default);
        return (rows, fault is null ? null : FormattableString.Invariant(fault));
    }

    private static void Execute(HubSettings settings, string sql)
    {
        using var connection = new SqliteConnection(HubDatabase.ConnectionString(settings.DataDirectory));
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
