using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using StreamHub.Server.Data.Rows;

namespace StreamHub.Server.Audit;

/// <summary>
/// The hash chain of the audit: each row holds SHA-256 over its own content and the hash of the previous row. It uses no key, because a key beside
/// the database is readable by everyone who can write the database.
/// </summary>
internal static class AuditChain
{
    /// <summary>The previous hash of the first row.</summary>
    public static string Start { get; } = new('0', 64);

    /// <summary>The hash of a row, lower-case hexadecimal.</summary>
    /// <param name="previous">The hash of the previous row.</param>
    /// <param name="row">All its content except the hash enters the result.</param>
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

        // The length comes first, so that text cannot move from one column to the next; null differs from the empty text.
        void Text(string? value)
        {
            var bytes = Encoding.UTF8.GetBytes(value ?? "");
            Number(value is null ? -1 : bytes.Length);
            sha.AppendData(bytes);
        }
    }
}
