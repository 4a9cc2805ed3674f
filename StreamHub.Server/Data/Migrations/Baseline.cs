using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace StreamHub.Server.Data.Migrations;

/// <summary>
/// The schema after the first eight migrations (1 December 2026), under the id of the last of them: existing data directories continue from here,
/// new ones start here.
/// </summary>
[DbContext(typeof(HubDbContext)), Migration(Id)]
internal sealed class Baseline : Migration
{
    public const string Id = "20261125170000_RequestSites";

    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        CREATE TABLE "apps" (
            "Slug" TEXT NOT NULL CONSTRAINT "PK_apps" PRIMARY KEY,
            "Name" TEXT NOT NULL,
            "Runtime" TEXT NOT NULL,
            "Script" TEXT NULL,
            "Python" TEXT NULL,
            "Command" TEXT NOT NULL,
            "Health" TEXT NULL,
            "Instances" TEXT NOT NULL,
            "IdleTimeoutSeconds" INTEGER NULL,
            "Env" TEXT NOT NULL,
            "Args" TEXT NOT NULL
        , "Hung" TEXT NOT NULL DEFAULT 'restart', "MaxSessions" INTEGER NULL, "MemoryHard" INTEGER NULL, "MemorySoft" INTEGER NULL, "MinRuns" INTEGER NOT NULL DEFAULT 0, "Priority" TEXT NOT NULL DEFAULT 'normal', "Restart" TEXT NULL, "RestartZone" TEXT NULL, "WarmHours" TEXT NOT NULL DEFAULT ('[]'));
        CREATE TABLE "audit" (
            "Sequence" INTEGER NOT NULL CONSTRAINT "PK_audit" PRIMARY KEY AUTOINCREMENT,
            "At" INTEGER NOT NULL,
            "Actor" TEXT NOT NULL,
            "Address" TEXT NULL,
            "Action" TEXT NOT NULL,
            "Target" TEXT NOT NULL,
            "Before" TEXT NULL,
            "After" TEXT NULL
        , "Hash" TEXT NOT NULL DEFAULT '');
        CREATE TABLE "claim_tokens" (
            "Hash" TEXT NOT NULL CONSTRAINT "PK_claim_tokens" PRIMARY KEY,
            "Expires" INTEGER NOT NULL,
            "Used" INTEGER NULL
        );
        CREATE TABLE "hub_facts" (
            "Key" TEXT NOT NULL CONSTRAINT "PK_hub_facts" PRIMARY KEY,
            "Value" TEXT NOT NULL
        );
        CREATE TABLE "users" (
            "Id" INTEGER NOT NULL CONSTRAINT "PK_users" PRIMARY KEY AUTOINCREMENT,
            "Name" TEXT NOT NULL,
            "Role" TEXT NOT NULL,
            "Expires" INTEGER NULL
        , "AllowWide" INTEGER NOT NULL DEFAULT 0, "Disabled" INTEGER NOT NULL DEFAULT 0, "Hours" TEXT NOT NULL DEFAULT ('[]'));
        CREATE TABLE "user_addresses" (
            "Id" INTEGER NOT NULL CONSTRAINT "PK_user_addresses" PRIMARY KEY AUTOINCREMENT,
            "UserId" INTEGER NOT NULL,
            "Range" TEXT NOT NULL,
            CONSTRAINT "FK_user_addresses_users_UserId" FOREIGN KEY ("UserId") REFERENCES "users" ("Id") ON DELETE CASCADE
        );
        CREATE TABLE "user_apps" (
            "UserId" INTEGER NOT NULL,
            "AppSlug" TEXT NOT NULL,
            CONSTRAINT "PK_user_apps" PRIMARY KEY ("UserId", "AppSlug"),
            CONSTRAINT "FK_user_apps_apps_AppSlug" FOREIGN KEY ("AppSlug") REFERENCES "apps" ("Slug") ON DELETE CASCADE,
            CONSTRAINT "FK_user_apps_users_UserId" FOREIGN KEY ("UserId") REFERENCES "users" ("Id") ON DELETE CASCADE
        );
        CREATE TABLE "visits" (
            "Address" TEXT NOT NULL,
            "App" TEXT NOT NULL,
            "Admin" INTEGER NOT NULL,
            "Decision" TEXT NOT NULL,
            "Hour" INTEGER NOT NULL,
            "Count" INTEGER NOT NULL,
            CONSTRAINT "PK_visits" PRIMARY KEY ("Hour", "Address", "App", "Admin", "Decision")
        );
        CREATE TABLE "history" (
            "Sequence" INTEGER NOT NULL CONSTRAINT "PK_history" PRIMARY KEY AUTOINCREMENT,
            "At" INTEGER NOT NULL,
            "App" TEXT NOT NULL,
            "User" TEXT NULL,
            "Run" INTEGER NULL,
            "From" TEXT NOT NULL,
            "To" TEXT NOT NULL,
            "Cause" TEXT NOT NULL,
            "By" TEXT NULL,
            "Reason" TEXT NULL,
            "Detail" TEXT NULL
        );
        CREATE TABLE "access_requests" (
            "Id" INTEGER NOT NULL CONSTRAINT "PK_access_requests" PRIMARY KEY AUTOINCREMENT,
            "Address" TEXT NOT NULL,
            "HostName" TEXT NULL,
            "At" INTEGER NOT NULL,
            "Name" TEXT NOT NULL,
            "Purpose" TEXT NOT NULL,
            "App" TEXT NOT NULL,
            "User" TEXT NULL,
            "DeviceUser" TEXT NULL,
            "DeviceAddress" TEXT NULL,
            "DeviceSeen" INTEGER NULL,
            "State" TEXT NOT NULL,
            "Note" TEXT NULL,
            "DecidedBy" TEXT NULL,
            "DecidedAt" INTEGER NULL
        , "Site" TEXT NOT NULL DEFAULT '');
        CREATE TABLE "api_tokens" (
            "Hash" TEXT NOT NULL CONSTRAINT "PK_api_tokens" PRIMARY KEY,
            "Name" TEXT NOT NULL,
            "Scope" TEXT NOT NULL,
            "Created" INTEGER NOT NULL,
            "CreatedBy" TEXT NOT NULL,
            "Expires" INTEGER NULL,
            "LastUsed" INTEGER NULL,
            "LastAddress" TEXT NULL,
            "Revoked" INTEGER NULL
        );
        CREATE UNIQUE INDEX "IX_user_addresses_Range" ON "user_addresses" ("Range");
        CREATE INDEX "IX_user_addresses_UserId" ON "user_addresses" ("UserId");
        CREATE INDEX "IX_user_apps_AppSlug" ON "user_apps" ("AppSlug");
        CREATE UNIQUE INDEX "IX_users_Name" ON "users" ("Name");
        CREATE INDEX "IX_history_App_Sequence" ON "history" ("App", "Sequence");
        CREATE INDEX "IX_history_At" ON "history" ("At");
        CREATE UNIQUE INDEX "IX_access_requests_Address" ON "access_requests" ("Address") WHERE "State" IN ('Open', 'Blocked');
        CREATE INDEX "IX_access_requests_Address_At" ON "access_requests" ("Address", "At");
        CREATE UNIQUE INDEX "IX_api_tokens_Name" ON "api_tokens" ("Name") WHERE "Revoked" IS NULL;
        CREATE INDEX "IX_access_requests_Site_At" ON "access_requests" ("Site", "At");
        CREATE TRIGGER audit_keeps_content BEFORE UPDATE ON audit WHEN OLD.Hash <> ''
        BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
        CREATE TRIGGER audit_keeps_rows BEFORE DELETE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
        """);
}
