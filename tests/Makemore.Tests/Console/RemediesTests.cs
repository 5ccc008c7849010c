namespace Makemore.Tests;

public sealed class RemediesTests
{
    public static TheoryData<Fault, string> Faults => new()
    {
        { new Fault.NotWords("is a folder"), "x: is a folder; --input-file takes a text file with one word per line" },
        { new Fault.NotText("line 1 has byte 0x00, which no text has"), "x: not a text file: line 1 has byte 0x00, which no text has" },
        {
            new Fault.WordTooLong(2, "'abcd'", 4, 3),
            "x: line 2: 'abcd' has 4 characters and does not fit: --block-size must be 5 or more, not 3; "
                + "or --max-word-length 2 leaves such words out"
        },
        {
            new Fault.WordTooLong(2, "'abcd'", 4, 3, IsInCharacters: false),
            "x: line 2: 'abcd' has 4 tokens and does not fit: --block-size must be 5 or more, not 3"
        },
        {
            new Fault.WordTooLong(2, "'abcd'", 4, null),
            "x: line 2: 'abcd' has 4 characters, too many for a default block size: "
                + "--max-word-length 63 leaves such words out, --block-size 5 accepts it"
        },
        { Fault.Of("permission denied"), "x: permission denied" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Line_Fault_EndsWithItsRemedy(Fault fault, string expected) =>
        Assert.Equal(expected, Remedies.Line(fault.In("x")));

    [Fact]
    public void Line_MissingWindowLength_NamesBothOptions() => Assert.Equal(
        "--windows: give the length of a window too, with --block-size", Remedies.Line(new Fault.NoWindowLength()));
}
