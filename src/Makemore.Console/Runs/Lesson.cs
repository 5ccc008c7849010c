using System.Runtime.CompilerServices;

namespace Makemore;

/// <summary>A script that trains no model of words: its options, and what it prints.</summary>
public sealed class Lesson
{
    private readonly string _name, _script;
    private readonly CommandLine _line;
    private readonly Shell _shell;
    private readonly IReporter _reporter;

    private Lesson(string name, string script, CommandLine line, Shell shell) =>
        (_name, _script, _line, _shell, _reporter) = (name, script, line, shell, IReporter.Create(shell));

    /// <summary>Parses a script's arguments. Errors are printed on one line each, and the program exits with code 1;
    /// <c>--help</c> exits with 0.</summary>
    /// <param name="arguments">The script's <c>Args</c>.</param>
    /// <param name="name">The name of the script, for messages.</param>
    /// <param name="description">The description for --help.</param>
    /// <param name="options">The options.</param>
    /// <param name="script">The path of the script; the compiler passes it.</param>
    public static Lesson Open(
        IEnumerable<string> arguments, string name, string description, Option[] options, [CallerFilePath] string script = "")
    {
        var shell = Shell.Of(arguments);
        return new(name, script, shell.Parse(name, script, description, options, arguments), shell);
    }

    /// <summary>The value of an option.</summary>
    public T Get<T>(Option<T> option) => _line.Get(option);

    /// <summary>The text of the file that an option names; without it, of the project's names. Exits with an error on one line and
    /// code 1 if it cannot be read.</summary>
    public string ReadText(Option<string?> file) => TextFile.Read(Get(file) ?? Opening.DefaultWords(_script))
        .Match(text => text, fault => throw _shell.Stop(_name, [fault]));

    /// <summary>Does the script's work. A fault, such as memory that does not suffice, is an error on one line.</summary>
    /// <returns>The script's exit code.</returns>
    public int Run(Action work) => _shell.Run(_name, () =>
    {
        work();
        return 0;
    });

    /// <summary>Prints a line, or several.</summary>
    public void Say(string text) => _reporter.Say(text);
}
