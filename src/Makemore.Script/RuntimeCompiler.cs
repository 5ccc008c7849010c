using System.Runtime.CompilerServices;

namespace Makemore.Script;

/// <summary>The runtime's compiler, which it loads when it first needs it. A script always does, and this host, compiled ahead
/// of time, does not.</summary>
internal static class RuntimeCompiler
{
    /// <summary>Has the runtime load it on another thread, while this one looks for the script.</summary>
    public static void Anticipate()
    {
        if (Environment.ProcessorCount > 1)
            new Thread(() => RuntimeHelpers.PrepareMethod(((Action)Nothing).Method.MethodHandle)) { IsBackground = true }.Start();
    }

    // What is to be optimized at once is not compiled ahead of time.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Nothing()
    {
    }
}
