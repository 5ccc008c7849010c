using System.Text;

namespace Makemore.Tests.Scripts;

/// <summary>Keeps what code prints from the console, and from what other tests print at the same time.</summary>
internal static class MutedConsole
{
    private static readonly AsyncLocal<TextWriter?> Mine = new();

    static MutedConsole() => Console.SetOut(new Switch(Console.Out));

    /// <summary>What a program prints while it runs.</summary>
    public static string Hear(Action run)
    {
        var heard = new StringWriter { NewLine = "\n" };
        Mine.Value = heard;
        try
        {
            run();
        }
        finally
        {
            Mine.Value = null;
        }
        return heard.ToString();
    }

    private sealed class Switch(TextWriter console) : TextWriter
    {
        public override Encoding Encoding => console.Encoding;

        private TextWriter Target => Mine.Value ?? console;

        public override void Write(char value) => Target.Write(value);

        public override void Write(string? value) => Target.Write(value);

        public override void WriteLine(string? value) => Target.WriteLine(value);

        public override void Flush() => Target.Flush();
    }
}
