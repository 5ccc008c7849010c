namespace Makemore;

/// <summary>An engine that reports its memory use, so that a test can detect leaks.</summary>
public interface IMemoryStatistics
{
    /// <summary>The number of buffers in use: neither returned nor collected yet.</summary>
    long LiveBuffers { get; }
}
