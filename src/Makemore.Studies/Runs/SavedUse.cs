using LanguageExt;

namespace Makemore;

/// <summary>Scripts that use a finished run of any model: they start the run's own script, which alone has the model.</summary>
internal static class SavedUse
{
    /// <summary>Starts the script of the run that the first argument names.</summary>
    /// <param name="name">The name of the calling script.</param>
    /// <param name="options">Its options, for the usage.</param>
    /// <param name="use">The option of the run's script that says what to do.</param>
    /// <param name="arguments">A work dir, then more options of the run's script.</param>
    /// <param name="script">The path of the calling script.</param>
    /// <returns>The exit code: the script's, or 1 if there is no such run, or its script may not run.</returns>
    public static int Show(string name, string options, string use, IEnumerable<string> arguments, string script)
    {
        var shell = Shell.Of(arguments);
        var trust = new Trust(script, arguments.Contains(Trust.Option));
        return shell.Run(name, () => Start([.. arguments.Where(argument => argument != Trust.Option)]));

        Either<Fault, int> Start(string[] given)
        {
            switch (given)
            {
                case [] or ["--help" or "-h" or "-?", ..]:
                    shell.Out.WriteLine(
                        $"usage: dotnet script {name}.csx -- RUN {options} [{Trust.Option} a script that is not the project's, or has changed]");
                    return 0;
                case [['-', ..] option, ..]:
                    return Fault.Of($"{option}: name the work dir of a run first, such as out/mlp");
            }
            return
                from run in FinishedRun.Read(given[0], trust.Script)
                from _ in trust.Accept(run)
                select ChildScripts.Of(arguments).Run(run.Script, [.. run.Arguments, use, .. given[1..]]);
        }
    }
}
