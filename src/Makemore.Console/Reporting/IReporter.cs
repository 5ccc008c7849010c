namespace Makemore;

/// <summary>Shows a run to a person: any text as <see cref="Visible.Line"/> does, so that nothing in it reaches a terminal as a
/// control.</summary>
internal interface IReporter : IDisposable
{
    /// <summary>A line of text, or several.</summary>
    void Say(string text);

    /// <summary>A step: its loss, and the milliseconds that it took.</summary>
    void Step(long step, long maxSteps, double loss, double milliseconds);

    /// <summary>The steps are over.</summary>
    void EndSteps();

    /// <summary>An evaluation.</summary>
    void Evaluation(Evaluation entry, string held);

    /// <summary>Samples from a model.</summary>
    void Samples(SampleGroups groups);

    /// <summary>A sample, and the model's probabilities at each of its characters.</summary>
    void Explanation(string word, IReadOnlyList<ExplainedToken> tokens, Vocabulary vocabulary);

    /// <summary>A table: rows of text under column titles. In a terminal that is too narrow, each row is a block of lines.</summary>
    void Table(IReadOnlyList<string> titles, IEnumerable<string[]> rows);

    /// <summary>A heatmap, if the output has colors; NaN has no cell.</summary>
    void Heatmap(string title, IReadOnlyList<string> rows, IReadOnlyList<string> columns, double[,] values);

    /// <summary>A line chart, if the output has colors.</summary>
    void Curves(string title, IReadOnlyList<ChartLine> lines);

    /// <summary>A reporter for a terminal, or one that writes plain lines.</summary>
    static IReporter Create(Shell shell) => shell.IsTerminal
        ? new TerminalReporter(Spectre.Console.AnsiConsole.Console)
        : new PlainReporter(shell.Out);
}
