namespace Makemore;

/// <summary>An engine that can say how much it holds, so that a test can tell whether anything is left behind.</summary>
public interface IWatchedMemory
{
    /// <summary>How many pieces of memory are held: neither given back nor found by the collector yet.</summary>
    long Held { get; }
}
