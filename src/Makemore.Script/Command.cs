namespace Makemore.Script;

/// <summary>What the command line asks for: to run a script, to compile one, or to be told something.</summary>
internal abstract record Command
{
    private const string Usage = """
        usage: dotnet script [options] FILE.csx [--] [arguments of the script]

          --compile      compile, keep that for the next start, and do not run
          --no-cache     compile anew, and keep nothing
          --record FILE  run, and when the script comes to its end write the generic methods
                         that the runtime compiled, as a profile for crossgen2 (--mibc)
          -c, --configuration NAME
                         accepted; scripts are always compiled for release
          -v, --version  say the version
          -h, --help     say this
        """;

    /// <summary>Run a script.</summary>
    /// <param name="Script">The script's path, as typed.</param>
    /// <param name="Arguments">What the script gets as <c>Args</c>.</param>
    /// <param name="UseCache">Whether a compiled script may come from the cache and go into it.</param>
    public sealed record Run(string Script, string[] Arguments, bool UseCache) : Command;

    /// <summary>Compile a script for the next start.</summary>
    /// <param name="Script">The script's path, as typed.</param>
    public sealed record Compile(string Script) : Command;

    /// <summary>Run a script and write down what the runtime compiles meanwhile.</summary>
    /// <param name="Profile">The file to write, as typed.</param>
    /// <param name="Script">What to run.</param>
    public sealed record Record(string Profile, Run Script) : Command;

    /// <summary>Say something and leave.</summary>
    /// <param name="Text">What to say.</param>
    /// <param name="ExitCode">0: to standard output; otherwise to standard error.</param>
    public sealed record Say(string Text, int ExitCode) : Command;

    /// <summary>Reads a command line. Options end at the script's name: what follows is the script's own.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="useCache">Whether the cache may be used, as far as is known.</param>
    public static Command Parse(ReadOnlySpan<string> args, bool useCache = true) => args switch
    {
        [] or ["", ..] => new Say(Usage, 1),
        ["-h" or "-?" or "--help", ..] => new Say(Usage, 0),
        ["-v" or "--version", ..] => new Say(typeof(Command).Assembly.GetName().Version!.ToString(3), 0),
        ["--compile", { Length: > 0 } and not ['-', ..] and var script] when useCache => new Compile(script),
        ["--compile", ..] => new Say("--compile: name one script after it, and nothing else", 1),
        ["--record", { Length: > 0 } and not ['-', ..] and var profile, .. var rest] when Parse(rest, useCache) is Run run =>
            new Record(profile, run),
        ["--record", ..] => new Say("--record: name a file after it, and then a script", 1),
        ["--no-cache", .. var rest] => Parse(rest, useCache: false),
        ["-c" or "--configuration", _, .. var rest] => Parse(rest, useCache),
        ["--" or "--isolated-load-context", .. var rest] => Parse(rest, useCache),
        [['-', ..] option, ..] => new Say($"{option}: not an option of this script host; see dotnet script --help", 1),
        [var script, "--", .. var rest] => new Run(script, rest.ToArray(), useCache),
        [var script, .. var rest] => new Run(script, rest.ToArray(), useCache),
    };
}
