using Spectre.Console;

namespace Makemore.Tests;

/// <summary>No character of a word controls a terminal.</summary>
public sealed class HostileTextTests
{
    private const string Hostile = "a\u001b]0;x\u0007\u009b2J\u2028\u202eb [red]c";

    /// <summary>At the narrower widths lines are wrapped and cells are truncated.</summary>
    [Theory, InlineData(0), InlineData(20), InlineData(40), InlineData(80), InlineData(300)]
    public void Reporters_OfHostileText_WriteNoControls(int width)
    {
        var vocabulary = Vocabulary.Of(Words.Of(Hostile));
        var output = width == 0 ? Plain(Show) : Terminal(Show, width);
        Assert.DoesNotContain(output, unit => unit is not '\n' && (char.IsControl(unit) || unit is '\u2028' or '\u202e'));
        Assert.Contains("a␛]0;x␇<U+009B>2J<U+2028><U+202E>b[red]c", string.Concat(output.Where(unit => !char.IsWhiteSpace(unit))));

        void Show(IReporter reporter)
        {
            reporter.Say(Hostile);
            reporter.Table([Hostile, Hostile], [[Hostile, Hostile]]);
            reporter.Samples(new([Hostile], [], [], []));
            reporter.Explanation(Hostile, [.. Enumerable.Range(0, vocabulary.Size).Select(token => new ExplainedToken(token, 0, [(token, 0)]))], vocabulary);
            reporter.Heatmap(Hostile, [Hostile], [Hostile], new double[,] { { 1 } });
        }
    }

    [Fact]
    public void Fail_OfHostileText_IsOneLineWithoutControls()
    {
        var error = new StringWriter { NewLine = "\n" };
        new Shell(TextWriter.Null, error, false, _ => new OperationCanceledException()).Fail("mlp", [Fault.Of(Hostile + "\nsecond")]);
        Assert.Equal("mlp: a␛]0;x␇<U+009B>2J<U+2028><U+202E>b [red]c␊second\n", error.ToString());
    }

    private static string Plain(Action<IReporter> show)
    {
        var output = new StringWriter { NewLine = "\n" };
        using (var reporter = new PlainReporter(output))
            show(reporter);
        return output.ToString();
    }

    private static string Terminal(Action<IReporter> show, int width)
    {
        var output = new StringWriter { NewLine = "\n" };
        var console = AnsiConsole.Create(new()
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(output),
        });
        console.Profile.Width = width;
        using (var reporter = new TerminalReporter(console))
            show(reporter);
        return output.ToString();
    }
}
