namespace Makemore.Script;

/// <summary>The globals of every script: the members of this class, which it uses without qualification.</summary>
/// <param name="args">The arguments that follow the script's name on the command line.</param>
public sealed class ScriptGlobals(IEnumerable<string> args)
{
    /// <summary>The arguments of the script, without a leading <c>--</c>.</summary>
    public IList<string> Args { get; } = [.. args];

    /// <summary>Writes a value and a line break.</summary>
    /// <param name="value">Any value; it is written with <see cref="object.ToString"/>.</param>
    public static void Print(object? value) => Console.WriteLine(value);
}
