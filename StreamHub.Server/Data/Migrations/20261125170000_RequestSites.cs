using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace StreamHub.Server.Data.Migrations
{
    /// <inheritdoc />
    public partial class RequestSites : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Site",
                table: "access_requests",
                type: "TEXT",
                nullable: false,
                defaultValue: "");

            // Right for IPv4. SQL cannot tell an IPv6 network: an older request counts for its address alone, as it did before.
            migrationBuilder.Sql("UPDATE \"access_requests\" SET \"Site\" = \"Address\";");

            migrationBuilder.CreateIndex(
                name: "IX_access_requests_Site_At",
                table: "access_requests",
                columns: new[] { "Site", "At" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_access_requests_Site_At",
                table: "access_requests");

            migrationBuilder.DropColumn(
                name: "Site",
                table: "access_requests");
        }
    }
}
