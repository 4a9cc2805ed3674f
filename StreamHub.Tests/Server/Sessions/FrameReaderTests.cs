using System.Buffers.Binary;
using CsCheck;
using StreamHub.Server.Sessions;

namespace StreamHub.Tests.Server.Sessions;

/// <summary>Messages are read as they were sent, whatever passes between their frames and however the bytes are cut.</summary>
public sealed class FrameReaderTests
{
    private static readonly Gen<Frame> AnyFrame =
        from opcode in Gen.Frequency((1, Gen.Const((byte)0)), (3, Gen.Byte[1, 2]), (2, Gen.Byte[8, 10]))
        from isFinal in Gen.Bool
        from isCompressed in Gen.Frequency((4, Gen.Const(false)), (1, Gen.Const(true)))
        from length in Gen.Frequency((3, Gen.Int[0, 130]), (1, Gen.Int[65_533, 65_538]))
        from mask in Gen.Byte.Array[4].Null()
        from seed in Gen.Byte
        select new Frame(opcode, isFinal, isCompressed, [.. Enumerable.Range(seed, length).Select(value => (byte)value)], mask);

    [Fact]
    public void Messages_are_read_in_pieces_and_compressed_ones_without_content() =>
        Gen.Select(AnyFrame.Array[0, 12], Gen.Int[1, 70_000].Array[1, 8]).Sample((frames, cuts) =>
        {
            var bytes = frames.SelectMany(frame => frame.Bytes()).ToArray();
            var (messages, closed) = (new List<byte[]>(), 0);
            var message = new List<byte>();
            var reader = new FrameReader(
                (piece, isEnd) =>
                {
                    message.AddRange(piece);
                    if (isEnd)
                    {
                        messages.Add([.. message]);
                        message.Clear();
                    }
                },
                () => closed++);
            for (var (at, cut) = (0, 0); at < bytes.Length; cut++)
            {
                var length = Math.Min(cuts[cut % cuts.Length], bytes.Length - at);
                reader.Feed(bytes.AsSpan(at, length));
                at += length;
            }

            return closed == frames.Count(frame => frame.Opcode == 8) && messages.Select(Convert.ToHexString).SequenceEqual(Expected(frames).Select(Convert.ToHexString));
        });

    private static IEnumerable<byte[]> Expected(IEnumerable<Frame> frames)
    {
        var (message, isCompressed) = (new List<byte>(), false);
        foreach (var frame in frames.Where(frame => frame.Opcode <= 2))
        {
            isCompressed = frame.Opcode == 0 ? isCompressed : frame.IsCompressed;
            message.AddRange(isCompressed ? [] : frame.Payload);
            if (frame.IsFinal)
            {
                yield return [.. message];
                message.Clear();
            }
        }
    }

    /// <summary>RFC 6455, 5.2.</summary>
    private sealed record Frame(byte Opcode, bool IsFinal, bool IsCompressed, byte[] Payload, byte[]? Mask)
    {
        public IEnumerable<byte> Bytes()
        {
            var mask = Mask is null ? 0 : 0x80;
            var longer = new byte[8];
            BinaryPrimitives.WriteInt64BigEndian(longer, Payload.Length);
            byte[] length = Payload.Length switch
            {
                < 126 => [(byte)(mask | Payload.Length)],
                <= 65_535 => [(byte)(mask | 126), .. longer[6..]],
                _ => [(byte)(mask | 127), .. longer],
            };
            var isCompressed = IsCompressed && Opcode is 1 or 2;
            return [(byte)((IsFinal ? 0x80 : 0) | (isCompressed ? 0x40 : 0) | Opcode), .. length, .. Mask ?? [], .. Payload.Select((value, index) => Mask is null ? value : (byte)(value ^ Mask[index % 4]))];
        }
    }
}
