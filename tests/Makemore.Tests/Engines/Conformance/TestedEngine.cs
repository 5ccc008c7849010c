using System.Collections.Concurrent;

namespace Makemore.Tests;

/// <summary>The engines that the conformance suite holds to the same laws. MAKEMORE_DEVICE names the device of the one on
/// libtorch: cpu where it is not set.</summary>
internal static class TestedEngine
{
    /// <summary>How far law 7 lets engines be apart, relative to the largest value.</summary>
    public const double LawSeven = 1e-4;

    private static readonly ConcurrentDictionary<string, Lazy<LanguageExt.Either<Fault, IEngine>>> Opened = new();

    /// <summary>The engine of a name, opened once, on one thread.</summary>
    public static IEngine Of(string name) => Open(name).Value();

    /// <summary>Why an engine cannot be tested here, and the command that would change it; none where it can.</summary>
    public static string? WhyMissing(string name) => Open(name).MatchUnsafe(_ => (string?)null, fault => $"{name}: {fault}");

    /// <summary>The engine that another one is held against: each one's is simpler than itself.</summary>
    public static IEngine ReferenceOf(string name) => name == Engines.Managed ? new NaiveEngine() : ManagedEngine.Default;

    /// <summary>How far an engine may be from its reference where the managed one is held to a tolerance.</summary>
    public static double Within(string name, double tolerance) =>
        name == Engines.Managed ? tolerance : Math.Max(tolerance, LawSeven);

    private static LanguageExt.Either<Fault, IEngine> Open(string name) => Opened.GetOrAdd(name, _ => new(() => Engines.Open(
        name, Environment.GetEnvironmentVariable("MAKEMORE_DEVICE") is { Length: > 0 } device ? device : "cpu", threads: 1))).Value;
}
