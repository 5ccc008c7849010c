namespace Makemore;

/// <summary>A block of a section: a chart, a table, a list of words.</summary>
public interface IBlock
{
    /// <summary>Whether it has nothing to show.</summary>
    bool IsEmpty { get; }

    /// <summary>The block as HTML.</summary>
    string ToHtml();
}
