using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace Makemore.Tests;

/// <summary>Runs a theory on an engine: once, or for each row of a table. If the engine has not been built, the theory is
/// reported as skipped, with the command that builds it.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class OnEngineAttribute : DataAttribute
{
    private readonly string _engine;
    private readonly string? _rows;
    private readonly string? _whyMissing;

    /// <param name="engine">The engine's name.</param>
    /// <param name="rows">The static property of the test's class that has the rows.</param>
    public OnEngineAttribute(string engine, string? rows = null) =>
        (_engine, _rows, _whyMissing) = (engine, rows, TestedEngine.WhyMissing(engine));

    /// <inheritdoc/>
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        new([.. RowsOf(testMethod.DeclaringType!).Select(row => new TheoryDataRow([_engine, .. row.GetData()]) { Skip = _whyMissing })]);

    /// <inheritdoc/>
    public override bool SupportsDiscoveryEnumeration() => true;

    private IEnumerable<ITheoryDataRow> RowsOf(Type tests) => _rows is null
        ? [new TheoryDataRow()]
        : (IEnumerable<ITheoryDataRow>)tests.GetProperty(_rows, BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!;
}
