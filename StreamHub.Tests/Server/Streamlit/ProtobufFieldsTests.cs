using System.Text;
using StreamHub.Server.Streamlit;

namespace StreamHub.Tests.Server.Streamlit;

public sealed class ProtobufFieldsTests
{
    // 1: 150, 2: fixed64, 3 { 8 { 1: "ImportError" } }, 4: fixed32, 6: 1 (protobuf.dev/programming-guides/encoding).
    private static readonly byte[] Message =
    [
        0x08, 0x96, 0x01, 0x11, 1, 2, 3, 4, 5, 6, 7, 8, 0x1a, 15, 0x42, 13, 0x0a, 11, .. "ImportError"u8, 0x25, 1, 0, 0, 0, 0x30, 0x01,
    ];

    [Theory]
    [InlineData(1, 150UL)]
    [InlineData(2, 0x0807060504030201UL)]
    [InlineData(4, 1UL)]
    [InlineData(6, 1UL)]
    [InlineData(3, null)]
    [InlineData(7, null)]
    public void A_number_is_found_behind_any_other_field(int field, ulong? expected) => ProtobufFields.Number(Message, field).Should().Be(expected);

    [Fact]
    public void A_text_is_found_within_fields()
    {
        Encoding.UTF8.GetString(ProtobufFields.Content(Message, [3, 8, 1])).Should().Be("ImportError");
        ProtobufFields.Content(Message, [3, 8, 2]).IsEmpty.Should().BeTrue();
        ProtobufFields.Content(Message, [5, 8, 1]).IsEmpty.Should().BeTrue();
    }

    [Theory]
    [InlineData(new byte[] { 0x08 })]
    [InlineData(new byte[] { 0x1a, 5, 1 })]
    [InlineData(new byte[] { 0x0b })]
    [InlineData(new byte[] { 0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01 })]
    [InlineData(new byte[] { 0x1a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f })]
    public void Bytes_that_are_no_message_are_refused(byte[] bytes) =>
        ((Action)(() => ProtobufFields.Number(bytes, 6))).Should().Throw<InvalidDataException>();
}
