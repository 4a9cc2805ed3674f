using System.Buffers.Binary;

namespace StreamHub.Server.Sessions;

/// <summary>Reads one direction of a WebSocket (RFC 6455, 5.2) from a byte stream with arbitrary boundaries.</summary>
/// <param name="onPiece">Receives the messages in pieces, unmasked; compressed ones (RFC 7692) without content.</param>
internal sealed class FrameReader(FrameReader.PieceHandler onPiece, Action onClose)
{
    private const int MaxHeaderLength = 14;
    private const int BlockLength = 1024;
    private const int BinaryFrame = 2;
    private const int CloseFrame = 8;
    private const int Final = 0x80;
    private const int Compressed = 0x40;

    private readonly byte[] header = new byte[MaxHeaderLength];
    private readonly byte[] mask = new byte[4];
    private int have;
    private ulong payload;
    private ulong position;
    private bool isMasked;
    private bool isData;
    private bool isFinal;
    private bool isCompressed;

    /// <param name="isEnd">Whether it is the last piece of its message.</param>
    public delegate void PieceHandler(ReadOnlySpan<byte> piece, bool isEnd);

    public void Feed(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (payload > 0)
            {
                var length = (int)Math.Min(payload, (ulong)bytes.Length);
                payload -= (ulong)length;
                Take(bytes[..length]);
                bytes = bytes[length..];
                continue;
            }

            header[have++] = bytes[0];
            bytes = bytes[1..];
            if (have >= 2 && have == HeaderLength)
            {
                Begin();
            }
        }
    }

    private int Short => header[1] & 0x7f;

    private int HeaderLength => 2 + (Short switch { 126 => 2, 127 => 8, _ => 0 }) + ((header[1] & 0x80) != 0 ? 4 : 0);

    private ulong PayloadLength => Short switch
    {
        126 => BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(2)),
        127 => BinaryPrimitives.ReadUInt64BigEndian(header.AsSpan(2)),
        _ => (ulong)Short,
    };

    private void Begin()
    {
        var opcode = header[0] & 0x0f;
        isMasked = (header[1] & 0x80) != 0;
        header.AsSpan(HeaderLength - (isMasked ? 4 : 0), isMasked ? 4 : 0).CopyTo(mask);
        (payload, position, isData) = (PayloadLength, 0, opcode <= BinaryFrame);
        isFinal = (header[0] & Final) != 0;

        // Only the first frame of a message says that it is compressed.
        isCompressed = opcode is > 0 and <= BinaryFrame ? (header[0] & Compressed) != 0 : isCompressed;
        have = 0;
        if (opcode == CloseFrame)
        {
            onClose();
        }
        else if (isData && isFinal && payload == 0)
        {
            onPiece([], isEnd: true);
        }
    }

    private void Take(ReadOnlySpan<byte> bytes)
    {
        if (!isData)
        {
            return;
        }

        var isEnd = isFinal && payload == 0;
        if (isCompressed || !isMasked)
        {
            onPiece(isCompressed ? [] : bytes, isEnd);
            return;
        }

        Span<byte> block = stackalloc byte[BlockLength];
        while (!bytes.IsEmpty)
        {
            var length = Math.Min(bytes.Length, BlockLength);
            for (var i = 0; i < length; i++)
            {
                block[i] = (byte)(bytes[i] ^ mask[(int)(position++ & 3)]);
            }

            bytes = bytes[length..];
            onPiece(block[..length], isEnd && bytes.IsEmpty);
        }
    }
}
