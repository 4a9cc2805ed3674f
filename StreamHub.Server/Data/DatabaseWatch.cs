using System.Data;
using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using StreamHub.Server.Configuration;

namespace StreamHub.Server.Data;

/// <summary>
/// Reports failed transactions and commands to <see cref="DatabaseHealth"/>. The end of a fault is detected by <see cref="ConfigurationReloader"/>.
/// </summary>
internal sealed class DatabaseWatch(DatabaseHealth health) : DbTransactionInterceptor
{
    /// <summary>The interceptor of commands.</summary>
    public IInterceptor Commands { get; } = new CommandWatch(health);

    // SQLite takes the write lock at the start of a write transaction; no other EF interceptor reports its failure.
    public override InterceptionResult<DbTransaction> TransactionStarting(
        DbConnection connection, TransactionStartingEventData eventData, InterceptionResult<DbTransaction> result)
    {
        try
        {
            return result.HasResult ? result : InterceptionResult<DbTransaction>.SuppressWithResult(connection.BeginTransaction(eventData.IsolationLevel));
        }
        catch (SqliteException exception) when (eventData.IsolationLevel != IsolationLevel.ReadUncommitted)
        {
            health.WriteFailed(exception);
            throw;
        }
    }

    public override ValueTask<InterceptionResult<DbTransaction>> TransactionStartingAsync(
        DbConnection connection, TransactionStartingEventData eventData, InterceptionResult<DbTransaction> result, CancellationToken cancellationToken = default) =>
        new(TransactionStarting(connection, eventData, result));

    public override void TransactionFailed(DbTransaction transaction, TransactionErrorEventData eventData) => health.WriteFailed(eventData.Exception);

    public override Task TransactionFailedAsync(DbTransaction transaction, TransactionErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        health.WriteFailed(eventData.Exception);
        return Task.CompletedTask;
    }

    private sealed class CommandWatch(DatabaseHealth health) : DbCommandInterceptor
    {
        public override void CommandFailed(DbCommand command, CommandErrorEventData eventData) => Note(command, eventData.Exception);

        public override Task CommandFailedAsync(DbCommand command, CommandErrorEventData eventData, CancellationToken cancellationToken = default)
        {
            Note(command, eventData.Exception);
            return Task.CompletedTask;
        }

        // Read faults are detected by the reloader, four times a second; a violated constraint is no fault of the database.
        private void Note(DbCommand command, Exception exception)
        {
            switch (DatabaseFault.KindOf(exception))
            {
                case DatabaseFaultKind.Damaged:
                    health.IsSuspect = true;
                    break;
                case DatabaseFaultKind.ReadOnly or DatabaseFaultKind.Full:
                case DatabaseFaultKind.Locked or DatabaseFaultKind.Failing when exception is SqliteException { SqliteErrorCode: 5 or 6 or 10 } && !IsQuery(command):
                    health.WriteFailed(exception);
                    break;
            }
        }

        private static bool IsQuery(DbCommand command) => command.CommandText.AsSpan().TrimStart().StartsWith("SELECT", StringComparison.OrdinalIgnoreCase);
    }
}
