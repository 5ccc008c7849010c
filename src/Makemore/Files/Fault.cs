namespace Makemore;

/// <summary>Something wrong outside the program, in a file or an option, as a value.</summary>
/// <param name="Message">One line for a person: which file, what is wrong, and what to do.</param>
public sealed record Fault(string Message)
{
    /// <summary>The message.</summary>
    public override string ToString() => Message;

    /// <summary>The same fault with the place where it was found in front.</summary>
    public Fault In(string place) => new($"{place}: {Message}");
}
