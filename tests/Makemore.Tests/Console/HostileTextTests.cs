using Spectre.Console;

namespace Makemore.Tests;

/// <summary>No character of a word controls a terminal.</summary>
public sealed class HostileTextTests
{
    private const string Hostile = "a\u001b]0;x\u0007\u009b2J\u2028\u202eb [red]c";

    [Fact]
    public void Reporters_OfHostileText_WriteNoControls()
    {
        var vocabulary = Vocabulary.Of(Words.Of(Hostile));
        foreach (var output in new[] { Plain(Show), Terminal(Show) })
        {
            Assert.DoesNotContain(output, unit => unit is not '\n' && (char.IsControl(unit) || unit is '\u2028' or '\u202e'));
            Assert.Contains("a␛]0;x␇<U+009B>2J<U+2028><U+202E>b [red]c", output);
        }

        void Show(IReporter reporter)
        {
            reporter.Say(Hostile);
            reporter.Table([Hostile], [[Hostile]]);
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

    private static string Terminal(Action<IReporter> show)
    {
        var output = new StringWriter { NewLine = "\n" };
        var console = AnsiConsole.Create(new()
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(output),
        });
        console.Profile.Width = 300;
        using (var reporter = new TerminalReporter(console))
            show(reporter);
        return output.ToString();
    }
}
