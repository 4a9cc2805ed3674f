using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace StreamHub.Server.Data.Migrations;

/// <summary>
/// Converts apps and users to one JSON document each. A value that the document cannot hold becomes a JSON string, which the reader rejects: such an app
/// or user is kept as unreadable.
/// </summary>
[DbContext(typeof(HubDbContext)), Migration("20261201040000_Documents")]
internal sealed class Documents : Migration
{
    // json_patch removes null members.
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        ALTER TABLE apps ADD COLUMN "Entry" TEXT NOT NULL DEFAULT '';
        UPDATE apps SET "Entry" = json_patch('{}', json_object(
            'slug', "Slug", 'name', "Name", 'runtime', "Runtime", 'script', "Script", 'python', "Python",
            'command', CASE WHEN "Command" = '[]' THEN NULL WHEN json_valid("Command") THEN json("Command") ELSE "Command" END,
            'health', "Health", 'instances', "Instances", 'idleTimeout', "IdleTimeoutSeconds" || 's',
            'minRuns', "MinRuns",
            'warmHours', CASE WHEN "WarmHours" = '[]' THEN NULL WHEN json_valid("WarmHours") THEN json("WarmHours") ELSE "WarmHours" END,
            'maxSessions', "MaxSessions", 'priority', "Priority", 'memorySoft', "MemorySoft" / 1048576, 'memoryHard', "MemoryHard" / 1048576,
            'hung', "Hung", 'restart', "Restart", 'restartZone', "RestartZone",
            'env', CASE WHEN json_valid("Env") THEN json("Env") ELSE "Env" END,
            'args', CASE WHEN "Args" = '[]' THEN NULL WHEN json_valid("Args") THEN json("Args") ELSE "Args" END));
        ALTER TABLE users ADD COLUMN "Entry" TEXT NOT NULL DEFAULT '';
        UPDATE users SET "Entry" = json_patch('{}', json_object(
            'name', "Name", 'role', "Role",
            'addresses', json((SELECT json_group_array("Range" ORDER BY "Id") FROM user_addresses WHERE "UserId" = users."Id")),
            'apps', json((SELECT json_group_array("AppSlug" ORDER BY "AppSlug") FROM user_apps WHERE "UserId" = users."Id")),
            'expires', CASE WHEN "Expires" IS NOT NULL THEN COALESCE(strftime('%Y-%m-%dT%H:%M:%S', "Expires" / 1000, 'unixepoch') || printf('.%03dZ', "Expires" % 1000), 'unreadable') END,
            'disabled', CASE WHEN "Disabled" THEN json('true') END,
            'hours', CASE WHEN "Hours" = '[]' THEN NULL WHEN NOT json_valid("Hours") THEN "Hours" WHEN json_type("Hours") = 'array' THEN json("Hours") ELSE "Hours" END,
            'allowWide', CASE WHEN "AllowWide" THEN json('true') END));
        DROP TABLE user_apps;
        ALTER TABLE apps DROP COLUMN "Name";
        ALTER TABLE apps DROP COLUMN "Runtime";
        ALTER TABLE apps DROP COLUMN "Script";
        ALTER TABLE apps DROP COLUMN "Python";
        ALTER TABLE apps DROP COLUMN "Command";
        ALTER TABLE apps DROP COLUMN "Health";
        ALTER TABLE apps DROP COLUMN "Instances";
        ALTER TABLE apps DROP COLUMN "IdleTimeoutSeconds";
        ALTER TABLE apps DROP COLUMN "Env";
        ALTER TABLE apps DROP COLUMN "Args";
        ALTER TABLE apps DROP COLUMN "Hung";
        ALTER TABLE apps DROP COLUMN "MaxSessions";
        ALTER TABLE apps DROP COLUMN "MemoryHard";
        ALTER TABLE apps DROP COLUMN "MemorySoft";
        ALTER TABLE apps DROP COLUMN "MinRuns";
        ALTER TABLE apps DROP COLUMN "Priority";
        ALTER TABLE apps DROP COLUMN "Restart";
        ALTER TABLE apps DROP COLUMN "RestartZone";
        ALTER TABLE apps DROP COLUMN "WarmHours";
        ALTER TABLE users DROP COLUMN "Role";
        ALTER TABLE users DROP COLUMN "Expires";
        ALTER TABLE users DROP COLUMN "AllowWide";
        ALTER TABLE users DROP COLUMN "Disabled";
        ALTER TABLE users DROP COLUMN "Hours";
        """);
}
