using System.Collections.Concurrent;

namespace Makemore.Tests;

/// <summary>The engines of the conformance suite. MAKEMORE_DEVICE is the device of the libtorch engine; cpu by default.</summary>
internal static class TestedEngine
{
    /// <summary>How far law 7 lets engines be apart, relative to the largest value.</summary>
    public const double LawSeven = 1e-4;

    private static readonly ConcurrentDictionary<string, Lazy<LanguageExt.Either<Fault, IEngine>>> Opened = new();

    /// <summary>The engine of a name, opened once, on one thread.</summary>
    public static IEngine Of(string name) => Open(name).Value();

    /// <summary>Why an engine cannot be tested here, and the command that builds it; null if it can be tested.</summary>
    public static string? WhyMissing(string name) => Open(name).MatchUnsafe(_ => (string?)null, fault => $"{name}: {fault}");

    /// <summary>The engine that another one is compared with: a simpler one.</summary>
    public static IEngine ReferenceOf(string name) => name == Engines.Managed ? new NaiveEngine() : ManagedEngine.Default;

    /// <summary>The tolerance of an engine, given that of the managed one.</summary>
    public static double Within(string name, double tolerance) =>
        name == Engines.Managed ? tolerance : Math.Max(tolerance, LawSeven);

    private static LanguageExt.Either<Fault, IEngine> Open(string name) => Opened.GetOrAdd(name, _ => new(() => Engines.Open(
        name, Environment.GetEnvironmentVariable("MAKEMORE_DEVICE") is { Length: > 0 } device ? device : "cpu", threads: 1))).Value;
}
