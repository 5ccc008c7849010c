namespace Makemore;

/// <summary>How a run is shown to a person.</summary>
internal interface IReporter : IDisposable
{
    /// <summary>A line of text.</summary>
    void Say(string line);

    /// <summary>A step: its loss, and the milliseconds that it took.</summary>
    void Step(long step, long maxSteps, double loss, double milliseconds);

    /// <summary>There are no more steps.</summary>
    void EndSteps();

    /// <summary>An evaluation.</summary>
    void Evaluation(Evaluation entry, string held);

    /// <summary>The words that a model made.</summary>
    void Samples(SampleGroups groups);

    /// <summary>A word, and what the model thought would come at each of its characters.</summary>
    void Explanation(string word, IReadOnlyList<ExplainedToken> tokens, Vocabulary vocabulary);

    /// <summary>Rows of text under titles.</summary>
    void Table(IReadOnlyList<string> titles, IEnumerable<string[]> rows);

    /// <summary>Numbers for pairs of rows and columns, where colors can be shown; what is no number has no cell.</summary>
    void Heatmap(string title, IReadOnlyList<string> rows, IReadOnlyList<string> columns, double[,] values);

    /// <summary>Lines through points, the first and the last of which all have in common, where colors can be shown.</summary>
    void Curves(string title, IReadOnlyList<ChartLine> lines);

    /// <summary>For a person at a terminal, or plain lines for anything else.</summary>
    static IReporter Create(Shell shell) => shell.IsTerminal
        ? new TerminalReporter(Spectre.Console.AnsiConsole.Console)
        : new PlainReporter(shell.Out);
}
