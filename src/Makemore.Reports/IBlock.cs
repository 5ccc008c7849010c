namespace Makemore;

/// <summary>How much of the width of a wide page a block takes; on a phone all but the small ones take all of it.</summary>
public enum Breadth
{
    /// <summary>All of it.</summary>
    Full,

    /// <summary>Half of it, or a third where that leaves no hole.</summary>
    Half,

    /// <summary>A quarter: one of many small charts.</summary>
    Quarter,
}

/// <summary>A block of a section: a chart, a table, a list of words.</summary>
public interface IBlock
{
    /// <summary>Whether it has nothing to show.</summary>
    bool IsEmpty { get; }

    /// <summary>How much of the width of a wide page it takes.</summary>
    Breadth Breadth => Breadth.Full;

    /// <summary>The block as HTML.</summary>
    string ToHtml();
}
