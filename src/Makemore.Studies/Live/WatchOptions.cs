namespace Makemore;

/// <summary>The options of watch.csx.</summary>
internal sealed record WatchOptions
{
    [Option("port of this machine to serve the page on", Min = 1, Max = 65535)]
    public int Port { get; init; } = 6006;
}
