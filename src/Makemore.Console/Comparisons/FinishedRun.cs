using LanguageExt;

namespace Makemore;

/// <summary>A run that has ended, as its work dir tells it.</summary>
/// <param name="Folder">The work dir, as it was typed.</param>
/// <param name="Record">What its run.json says.</param>
internal sealed record FinishedRun(string Folder, RunRecord Record)
{
    /// <summary>The script that made it.</summary>
    public string Script => InFolder(Record.Script);

    /// <summary>The words that it learned from.</summary>
    public string Words => InFolder(Record.Words);

    /// <summary>Whether the script is not any more what it was when the run was made.</summary>
    public bool HasChanged => Run.HashOf(Script) != Record.ScriptHash;

    /// <summary>Whether it learned each word once. Such words have been in memory, so they fit there.</summary>
    public bool IsDeduplicated => Option("--deduplicate") == "True";

    /// <summary>The arguments that have the script take up the run.</summary>
    public string[] Arguments =>
        ["-o", Folder, "-i", Words, .. IsDeduplicated ? ["--in-memory", $"{int.MaxValue}"] : Array.Empty<string>()];

    /// <summary>An option of the run.</summary>
    public string Option(string name) => Record.Options.GetValueOrDefault(name, "");

    /// <summary>Reads a work dir.</summary>
    /// <returns>The run, or why there is none.</returns>
    public static Either<Fault, FinishedRun> Read(string folder) =>
        from _ in File.Exists(Path.Combine(folder, RunContext.RecordFile)) ? Prelude.unit : Missing(folder)
        from record in JsonFile.Read<RunRecord>(Path.Combine(folder, RunContext.RecordFile))
        let run = new FinishedRun(folder, record)
        from __ in File.Exists(run.Script) ? Prelude.unit : Gone(run, $"its script {run.Script}")
        from ___ in Run.HashOf(run.Words) == record.WordsHash ? Prelude.unit : Gone(run, $"its words file {run.Words}")
        select run;

    private static Either<Fault, Unit> Missing(string folder) => Fault.Of(
        $"{folder}: no finished run there, {RunContext.RecordFile} is missing; train a model with -o {folder} first");

    private static Either<Fault, Unit> Gone(FinishedRun run, string what) =>
        Fault.Of($"{run.Folder}: {what} is gone, or not the same any more");

    private string InFolder(string path) => Path.GetRelativePath(Environment.CurrentDirectory, Path.Combine(Folder, path));
}
