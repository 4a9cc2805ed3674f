using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace StreamHub.Server.Data.Migrations
{
    /// <inheritdoc />
    public partial class AuditChain : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Hash",
                table: "audit",
                type: "TEXT",
                nullable: false,
                defaultValue: "");

            // Rows of an older database get their hash once. A mistake is stopped here; intent is found by the chain.
            migrationBuilder.Sql("""
                CREATE TRIGGER audit_keeps_content BEFORE UPDATE ON audit WHEN OLD.Hash <> ''
                BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
                """);
            migrationBuilder.Sql("""
                CREATE TRIGGER audit_keeps_rows BEFORE DELETE ON audit
                BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("DROP TRIGGER audit_keeps_content");
            migrationBuilder.Sql("DROP TRIGGER audit_keeps_rows");
            migrationBuilder.DropColumn(
                name: "Hash",
                table: "audit");
        }
    }
}
