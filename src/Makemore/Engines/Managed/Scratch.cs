using System.Runtime.InteropServices;

namespace Makemore;

/// <summary>Working memory of a kernel, aligned to a cache line, its contents undefined.</summary>
internal readonly unsafe ref struct Scratch(int count)
{
    /// <summary>The first element.</summary>
    public float* Start { get; } = (float*)NativeMemory.AlignedAlloc((nuint)count * sizeof(float), 64);

    /// <summary>Gives the memory back.</summary>
    public void Dispose() => NativeMemory.AlignedFree(Start);
}
