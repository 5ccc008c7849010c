namespace Makemore.Tests;

/// <summary>The wire format of protocol buffers, with the examples of its documentation.</summary>
public sealed class ProtoMessageTests
{
    public static TheoryData<string, object> Messages => new()
    {
        { "", new ProtoMessage() },
        { "08 96 01", new ProtoMessage { { 1, 150 } } },
        { "08 FE FF FF FF FF FF FF FF FF 01", new ProtoMessage { { 1, -2 } } },
        { "12 07 74 65 73 74 69 6E 67", new ProtoMessage { { 2, "testing" } } },
        { "1A 03 08 96 01", new ProtoMessage { { 3, new ProtoMessage { { 1, 150 } } } } },
        { "22 05 68 65 6C 6C 6F 28 01 28 02 28 03", new ProtoMessage { { 4, "hello" }, { 5, new long[] { 1, 2, 3 } } } },
        { "A2 01 00", new ProtoMessage { { 20, "" } } },
    };

    [Theory]
    [MemberData(nameof(Messages))]
    public void Message_Written_HasTheBytesOfTheFormat(string bytes, object message)
    {
        using var stream = new MemoryStream();
        ((ProtoMessage)message).Write(stream);
        Assert.Equal(bytes, BitConverter.ToString(stream.ToArray()).Replace('-', ' '));
        Assert.Equal(stream.Length, ((ProtoMessage)message).Size);
    }
}
