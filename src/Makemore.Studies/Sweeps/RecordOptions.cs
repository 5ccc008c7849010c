namespace Makemore;

/// <summary>The options of record.csx.</summary>
internal sealed record RecordOptions
{
    [Option("folder for results, and for the runs", Alias = "-o", IsPath = true)]
    public string WorkDir { get; init; } = Path.Combine("out", "record");
}
