using System.Buffers.Binary;
using CsCheck;
using StreamHub.Server.Sessions;

namespace StreamHub.Tests.Server.Proxy;

/// <summary>A person's messages are counted, whatever else passes and however it is cut.</summary>
public sealed class MessageWatchTests
{
    private static readonly Gen<(byte Opcode, bool Final, int Length, bool Masked)> AnyFrame =
        from opcode in Gen.Frequency((1, Gen.Const((byte)0)), (3, Gen.Byte[1, 2]), (2, Gen.Byte[8, 10]))
        from final in Gen.Bool
        from length in Gen.Frequency((3, Gen.Int[0, 130]), (1, Gen.Int[65_533, 65_538]))
        from masked in Gen.Bool
        select (opcode, final, length, masked);

    [Fact]
    public void Only_the_first_frames_of_messages_count_and_the_close_frame() =>
        Gen.Select(AnyFrame.Array[0, 12], Gen.Int[1, 70_000].Array[1, 8]).Sample((frames, cuts) =>
        {
            var bytes = frames.SelectMany(Bytes).ToArray();
            var (seen, closed) = (0, 0);
            var reader = new MessageWatch.FrameReader(() => seen++, () => closed++);
            for (var (at, cut) = (0, 0); at < bytes.Length; cut++)
            {
                var length = Math.Min(cuts[cut % cuts.Length], bytes.Length - at);
                reader.Feed(bytes.AsSpan(at, length));
                at += length;
            }

            return seen == frames.Count(frame => frame.Opcode is 1 or 2) && closed == frames.Count(frame => frame.Opcode == 8);
        });

    /// <summary>RFC 6455, 5.2. What the payload holds looks like the begin of text messages.</summary>
    private static IEnumerable<byte> Bytes((byte Opcode, bool Final, int Length, bool Masked) frame)
    {
        var mask = frame.Masked ? 0x80 : 0;
        var longer = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(longer, frame.Length);
        byte[] length = frame.Length switch
        {
            < 126 => [(byte)(mask | frame.Length)],
            <= 65_535 => [(byte)(mask | 126), .. longer[6..]],
            _ => [(byte)(mask | 127), .. longer],
        };
        return [(byte)((frame.Final ? 0x80 : 0) | frame.Opcode), .. length, .. frame.Masked ? new byte[4] : [], .. Enumerable.Repeat((byte)0x81, frame.Length)];
    }
}
