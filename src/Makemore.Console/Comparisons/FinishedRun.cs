using LanguageExt;

namespace Makemore;

/// <summary>A finished run, read from its work dir.</summary>
/// <param name="Folder">The work dir, as it was given.</param>
/// <param name="Record">The contents of its run.json.</param>
internal sealed record FinishedRun(string Folder, RunRecord Record)
{
    /// <summary>The path of its script.</summary>
    public string Script => InFolder(Record.Script);

    /// <summary>The path of its words file.</summary>
    public string Words => InFolder(Record.Words);

    /// <summary>Whether the script has changed since the run.</summary>
    public bool HasChanged => FileHash.Of(Script) != Record.ScriptHash;

    /// <summary>Whether its words were deduplicated, and so fit into memory.</summary>
    public bool IsDeduplicated => Option("--deduplicate") == "True";

    /// <summary>The arguments with which the script uses the run.</summary>
    public string[] Arguments =>
        ["-o", Folder, "-i", Words, .. IsDeduplicated ? ["--in-memory", $"{int.MaxValue}"] : Array.Empty<string>()];

    /// <summary>The value of an option of the run; empty if it has none.</summary>
    public string Option(string name) => Record.Options.GetValueOrDefault(name, "");

    /// <summary>Reads a work dir.</summary>
    /// <returns>The run, or why it cannot be used.</returns>
    public static Either<Fault, FinishedRun> Read(string folder) =>
        from _ in File.Exists(Path.Combine(folder, RunContext.RecordFile)) ? Prelude.unit : Missing(folder)
        from record in JsonFile.Read<RunRecord>(Path.Combine(folder, RunContext.RecordFile))
        let run = new FinishedRun(folder, record)
        from __ in File.Exists(run.Script) ? Prelude.unit : Gone(run, $"its script {run.Script}")
        from ___ in FileHash.Of(run.Words) == record.WordsHash ? Prelude.unit : Gone(run, $"its words file {run.Words}")
        select run;

    private static Either<Fault, Unit> Missing(string folder) => Fault.Of(
        $"{folder}: no finished run: {RunContext.RecordFile} is missing; train a model with -o {folder} first");

    private static Either<Fault, Unit> Gone(FinishedRun run, string what) =>
        Fault.Of($"{run.Folder}: {what} is missing or has changed");

    private string InFolder(string path) => Path.GetRelativePath(Environment.CurrentDirectory, Path.Combine(Folder, path));
}
