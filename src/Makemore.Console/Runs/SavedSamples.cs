using System.Runtime.CompilerServices;
using LanguageExt;

namespace Makemore;

/// <summary>Samples from a finished run of any model.</summary>
public static class SavedSamples
{
    private const string Name = "sample";

    /// <summary>Starts the script of the run that the first argument names, to sample with the remaining arguments.</summary>
    /// <param name="arguments">A work dir, then options of the run's script.</param>
    /// <param name="script">The path of the calling script; the compiler passes it.</param>
    /// <returns>The exit code: the script's, or 1 if there is no such run, or its script may not run.</returns>
    public static int Show(IEnumerable<string> arguments, [CallerFilePath] string script = "")
    {
        var shell = Shell.Of(arguments);
        var trust = new Trust(script, arguments.Contains(Trust.Option));
        return shell.Run(Name, () => Start([.. arguments.Where(argument => argument != Trust.Option)], trust, shell));
    }

    private static Either<Fault, int> Start(string[] arguments, Trust trust, Shell shell)
    {
        switch (arguments)
        {
            case [] or ["--help" or "-h" or "-?", ..]:
                shell.Out.WriteLine(
                    "usage: dotnet script sample.csx -- RUN [options of the run's script: --num, --temperature, --top-k, --top-p, "
                    + $"--prompt, --max-length, --num-tokens, --explain, --json, …] [{Trust.Option} a script that is not the project's, or has changed]");
                return 0;
            case [['-', ..] option, ..]:
                return Fault.Of($"{option}: name the work dir of a run first, such as out/mlp");
        }
        return
            from run in FinishedRun.Read(arguments[0], trust.Script)
            from _ in trust.Accept(run)
            select shell.Children.Run(run.Script, [.. run.Arguments, "--sample-only", .. arguments[1..]]);
    }
}
