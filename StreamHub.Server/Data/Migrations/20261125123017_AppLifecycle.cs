using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace StreamHub.Server.Data.Migrations
{
    /// <inheritdoc />
    public partial class AppLifecycle : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Hung",
                table: "apps",
                type: "TEXT",
                nullable: false,
                defaultValue: "restart");

            migrationBuilder.AddColumn<int>(
                name: "MaxSessions",
                table: "apps",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "MemoryHard",
                table: "apps",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "MemorySoft",
                table: "apps",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "MinRuns",
                table: "apps",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "Priority",
                table: "apps",
                type: "TEXT",
                nullable: false,
                defaultValue: "normal");

            migrationBuilder.AddColumn<string>(
                name: "Restart",
                table: "apps",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "RestartZone",
                table: "apps",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "WarmHours",
                table: "apps",
                type: "TEXT",
                nullable: false,
                defaultValueSql: "'[]'");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "Hung",
                table: "apps");

            migrationBuilder.DropColumn(
                name: "MaxSessions",
                table: "apps");

            migrationBuilder.DropColumn(
                name: "MemoryHard",
                table: "apps");

            migrationBuilder.DropColumn(
                name: "MemorySoft",
                table: "apps");

            migrationBuilder.DropColumn(
                name: "MinRuns",
                table: "apps");

            migrationBuilder.DropColumn(
                name: "Priority",
                table: "apps");

            migrationBuilder.DropColumn(
                name: "Restart",
                table: "apps");

            migrationBuilder.DropColumn(
                name: "RestartZone",
                table: "apps");

            migrationBuilder.DropColumn(
                name: "WarmHours",
                table: "apps");
        }
    }
}
