using System.Buffers.Binary;

namespace StreamHub.Server.Streamlit;

/// <summary>Reads single fields of a Protocol Buffers message without its schema (protobuf.dev/programming-guides/encoding).</summary>
internal static class ProtobufFields
{
    /// <summary>The first value of a numeric field; null when missing.</summary>
    /// <exception cref="InvalidDataException">The message is malformed.</exception>
    public static ulong? Number(ReadOnlySpan<byte> message, int field)
    {
        while (TryReadField(ref message, out var number, out var value, out _))
        {
            if (number == field && value is not null)
            {
                return value;
            }
        }

        return null;
    }

    /// <summary>The first content of a nested bytes field; empty when missing.</summary>
    /// <exception cref="InvalidDataException">The message is malformed.</exception>
    public static ReadOnlySpan<byte> Content(ReadOnlySpan<byte> message, ReadOnlySpan<int> path)
    {
        foreach (var field in path)
        {
            message = Content(message, field);
        }

        return message;
    }

    private static ReadOnlySpan<byte> Content(ReadOnlySpan<byte> message, int field)
    {
        while (TryReadField(ref message, out var number, out var value, out var content))
        {
            if (number == field && value is null)
            {
                return content;
            }
        }

        return [];
    }

    private static bool TryReadField(scoped ref ReadOnlySpan<byte> message, out int number, out ulong? value, out ReadOnlySpan<byte> content)
    {
        number = 0;
        value = null;
        content = [];
        if (message.IsEmpty)
        {
            return false;
        }

        var tag = ReadVarint(ref message);
        number = (int)(tag >> 3);
        switch (tag & 7)
        {
            case 0:
                value = ReadVarint(ref message);
                break;
            case 1:
                value = BinaryPrimitives.ReadUInt64LittleEndian(Take(ref message, sizeof(ulong)));
                break;
            case 2:
                content = Take(ref message, ReadVarint(ref message));
                break;
            case 5:
                value = BinaryPrimitives.ReadUInt32LittleEndian(Take(ref message, sizeof(uint)));
                break;
            default:
                throw new InvalidDataException("The message is not a Protocol Buffers message.");
        }

        return true;
    }

    private static ulong ReadVarint(scoped ref ReadOnlySpan<byte> message)
    {
        var result = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Take(ref message, 1)[0];
            result |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return result;
            }
        }

        throw new InvalidDataException("A varint of the message is too long.");
    }

    private static ReadOnlySpan<byte> Take(scoped ref ReadOnlySpan<byte> message, ulong length)
    {
        if (length > (ulong)message.Length)
        {
            throw new InvalidDataException("The message is truncated.");
        }

        var taken = message[..(int)length];
        message = message[(int)length..];
        return taken;
    }
}
