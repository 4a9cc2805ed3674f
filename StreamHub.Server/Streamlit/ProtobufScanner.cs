namespace StreamHub.Server.Streamlit;

/// <summary>
/// Finds the fields of a Protocol Buffers message that arrives in pieces, and those of one nested message, without keeping their contents
/// (protobuf.dev/programming-guides/encoding).
/// </summary>
/// <param name="nested">The field with the nested message; 0 for none.</param>
/// <param name="onField">Receives the field, the field within the nested message (0 for the outer one), and the value of a number.</param>
internal sealed class ProtobufScanner(int nested, Action<int, int, ulong> onField)
{
    private enum Part
    {
        Tag,
        Value,
        Length,
        Content,
    }

    private Part part;
    private ulong number;
    private int shift;
    private int field;
    private ulong left;
    private ulong nestedLeft;
    private bool isNested;

    /// <summary>Whether the message is malformed; the rest of it is skipped.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Begins with the next message.</summary>
    public void Reset() => (part, number, shift, field, left, nestedLeft, isNested, IsBroken) = (Part.Tag, 0, 0, 0, 0, 0, false, false);

    public void Feed(ReadOnlySpan<byte> piece)
    {
        while (!piece.IsEmpty && !IsBroken)
        {
            if (part == Part.Content)
            {
                var skipped = (int)Math.Min(left, (ulong)piece.Length);
                left -= (ulong)skipped;
                Consume((ulong)skipped);
                piece = piece[skipped..];
                if (left == 0)
                {
                    part = Part.Tag;
                }
            }
            else
            {
                var next = piece[0];
                piece = piece[1..];
                Consume(1);
                if (ReadVarint(next))
                {
                    Take();
                    (number, shift) = (0, 0);
                }
            }

            isNested &= nestedLeft > 0;
        }
    }

    private void Consume(ulong count)
    {
        if (!isNested)
        {
            return;
        }

        IsBroken |= count > nestedLeft;
        nestedLeft -= Math.Min(count, nestedLeft);
    }

    private bool ReadVarint(byte next)
    {
        IsBroken |= shift > 63;
        number |= (ulong)(next & 0x7f) << shift;
        shift += 7;
        return next < 0x80;
    }

    private void Take()
    {
        switch (part)
        {
            case Part.Tag:
                field = (int)(number >> 3);
                (part, left) = (number & 7) switch
                {
                    0 => (Part.Value, 0UL),
                    1 => (Part.Content, 8UL),
                    2 => (Part.Length, 0UL),
                    5 => (Part.Content, 4UL),
                    _ => (Part.Content, 0UL),
                };
                IsBroken |= part == Part.Content && left == 0;
                break;
            case Part.Value:
                Found(number);
                part = Part.Tag;
                break;
            default:
                Found(0);
                (isNested, nestedLeft, part, left) = !isNested && field == nested
                    ? (number > 0, number, Part.Tag, 0UL)
                    : (isNested, nestedLeft, number > 0 ? Part.Content : Part.Tag, number);
                break;
        }
    }

    private void Found(ulong value)
    {
        if (isNested)
        {
            onField(nested, field, value);
        }
        else
        {
            onField(field, 0, value);
        }
    }
}
