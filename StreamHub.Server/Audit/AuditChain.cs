using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using StreamHub.Server.Data.Rows;

namespace StreamHub.Server.Audit;

/// <summary>
/// Each row of the audit holds SHA-256 over its own content and the hash of the row before. No key: whoever can write
/// the database can read a key beside it.
/// </summary>
internal static class AuditChain
{
    /// <summary>Stands for the row before the first.</summary>
    public static string Start { get; } = new('0', 64);

    /// <summary>The hash of a row, lower-case hexadecimal.</summary>
    /// <param name="previous">The hash of the row before.</param>
    /// <param name="row">All of its content but the hash.</param>
    public static string Hash(string previous, AuditRow row)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Text(previous);
        Number(row.Sequence);
        Number(row.At.ToUnixTimeMilliseconds());
        Text(row.Actor);
        Text(row.Address);
        Text(row.Action);
        Text(row.Target);
        Text(row.Before);
        Text(row.After);
        return Convert.ToHexStringLower(sha.GetHashAndReset());

        void Number(long value)
        {
            Span<byte> bytes = stackalloc byte[sizeof(long)];
            BinaryPrimitives.WriteInt64BigEndian(bytes, value);
            sha.AppendData(bytes);
        }

        // With its length first, so that text cannot move from one column to the next; nothing is not the empty text.
        void Text(string? value)
        {
            var bytes = Encoding.UTF8.GetBytes(value ?? "");
            Number(value is null ? -1 : bytes.Length);
            sha.AppendData(bytes);
        }
    }
}
