using System.Text;

namespace Makemore.Tests;

public sealed class LineReaderTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("\n", "|")]
    [InlineData("a", "a|")]
    [InlineData("a\nb", "a|b|")]
    [InlineData("a\n\nbcd\n", "a||bcd|")]
    [InlineData("1234567\n1234567\nx", "1234567|1234567|x|")]
    [InlineData("a\n12345678\nb\n", "a|too long at 2")]
    [InlineData("12345678", "too long at 1")]
    public void Read_BufferOfEight_GivesTheLines(string text, string expected)
    {
        foreach (var chunk in new[] { 1, 3, 100 })
        {
            var lines = new LineReader(new Trickle(Encoding.UTF8.GetBytes(text), chunk), maxLength: 8);
            var read = new StringBuilder();
            while (lines.Read(out var line))
                read.Append(Encoding.UTF8.GetString(line)).Append('|');
            Assert.Equal(expected, read + (lines.IsTooLong ? $"too long at {lines.Number + 1}" : ""));
        }
    }

    /// <summary>A stream that returns a few bytes per read, as a pipe may.</summary>
    private sealed class Trickle(byte[] bytes, int chunk) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) =>
            base.Read(buffer, offset, Math.Min(count, chunk));
    }
}
