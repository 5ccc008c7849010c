namespace Makemore.Script;

/// <summary>What every script sees without declaring it: the members of this class, by their bare names.</summary>
/// <param name="args">The arguments that follow the script's name on the command line.</param>
public sealed class ScriptGlobals(IEnumerable<string> args)
{
    /// <summary>The arguments of the script; a leading <c>--</c> is not among them.</summary>
    public IList<string> Args { get; } = [.. args];

    /// <summary>Writes a value and ends the line.</summary>
    /// <param name="value">Anything; written as its <see cref="object.ToString"/>.</param>
    public static void Print(object? value) => Console.WriteLine(value);
}
