namespace Makemore;

/// <summary>A part of a report's section.</summary>
public interface IBlock
{
    /// <summary>Whether there is nothing in it to show.</summary>
    bool IsEmpty { get; }

    /// <summary>The part as HTML.</summary>
    string ToHtml();
}
