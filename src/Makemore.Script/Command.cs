namespace Makemore.Script;

/// <summary>What the command line asks for: to run a script, or to print something.</summary>
internal abstract record Command
{
    private const string Usage = """
        usage: dotnet script [options] FILE.csx [--] [arguments of the script]

          --no-cache     compile the script even if it has not changed, and do not cache the result
          -c, --configuration NAME
                         accepted and ignored: scripts are always compiled with optimizations
          -v, --version  print the version
          -h, --help     print this text
        """;

    /// <summary>Run a script.</summary>
    /// <param name="Script">The script's path, as typed.</param>
    /// <param name="Arguments">What the script gets as <c>Args</c>.</param>
    /// <param name="UseCache">Whether the compiled script may be read from the cache and written to it.</param>
    public sealed record Run(string Script, string[] Arguments, bool UseCache) : Command;

    /// <summary>Print a text and exit.</summary>
    /// <param name="Text">The text.</param>
    /// <param name="ExitCode">0: print to standard output; anything else: to standard error.</param>
    public sealed record Say(string Text, int ExitCode) : Command;

    /// <summary>Parses a command line. Options end at the script's name: what follows belongs to the script.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="useCache">Whether the cache may be used, given the options parsed so far.</param>
    public static Command Parse(ReadOnlySpan<string> args, bool useCache = true) => args switch
    {
        [] or ["", ..] => new Say(Usage, 1),
        ["-h" or "-?" or "--help", ..] => new Say(Usage, 0),
        ["-v" or "--version", ..] => new Say(typeof(Command).Assembly.GetName().Version!.ToString(3), 0),
        ["--no-cache", .. var rest] => Parse(rest, useCache: false),
        ["-c" or "--configuration", _, .. var rest] => Parse(rest, useCache),
        ["--" or "--isolated-load-context", .. var rest] => Parse(rest, useCache),
        [['-', ..] option, ..] => new Say($"{option}: not an option of this script host; see dotnet script --help", 1),
        [var script, "--", .. var rest] => new Run(script, rest.ToArray(), useCache),
        [var script, .. var rest] => new Run(script, rest.ToArray(), useCache),
    };
}
