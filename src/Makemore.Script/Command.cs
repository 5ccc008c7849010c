namespace Makemore.Script;

/// <summary>What the command line asks for: to run a script, or to print something.</summary>
internal abstract record Command
{
    private const string NoCache = "--no-cache";

    private const string Usage = """
        usage: dotnet script [options] FILE.csx [[options] --] [arguments of the script]

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

    /// <summary>Parses a command line. The host's options come first, or between the script and "--"; what else follows the
    /// script belongs to it.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="useCache">Whether the cache may be used, given the options parsed so far.</param>
    public static Command Parse(ReadOnlySpan<string> args, bool useCache = true) => args switch
    {
        [] or ["", ..] => new Say(Usage, 1),
        ["-h" or "-?" or "--help", ..] => new Say(Usage, 0),
        ["-v" or "--version", ..] => new Say(typeof(Command).Assembly.GetName().Version!.ToString(3), 0),
        ["--", .. var rest] => Parse(rest, useCache),
        _ when LengthOfOption(args) is > 0 and var length => Parse(args[length..], useCache && args[0] != NoCache),
        [['-', ..] option, ..] => new Say($"{option}: not an option of this script host; see dotnet script --help", 1),
        [var script, .. var rest] => ParseArguments(script, rest, useCache),
    };

    private static Run ParseArguments(string script, ReadOnlySpan<string> args, bool useCache)
    {
        var end = args.IndexOf("--");
        if (end < 0)
            return new(script, args.ToArray(), useCache);
        var own = new List<string>();
        for (var i = 0; i < end; i += Math.Max(1, LengthOfOption(args[i..end])))
        {
            useCache &= args[i] != NoCache;
            if (LengthOfOption(args[i..end]) == 0)
                own.Add(args[i]);
        }
        return new(script, [.. own, .. args[(end + 1)..]], useCache);
    }

    /// <summary>How many arguments the option at the start takes; 0 if none of the host's is there.</summary>
    private static int LengthOfOption(ReadOnlySpan<string> args) => args switch
    {
        [NoCache or "--disable-isolated-load-context", ..] => 1,
        ["-c" or "--configuration", _, ..] => 2,
        _ => 0,
    };
}
