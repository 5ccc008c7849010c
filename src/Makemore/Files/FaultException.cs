namespace Makemore;

/// <summary>A fault as an exception, for programs that end with their first one; see <see cref="Outcomes.OrThrow"/>.</summary>
/// <param name="fault">The fault.</param>
public sealed class FaultException(Fault fault) : Exception(fault.Message)
{
    /// <summary>The fault.</summary>
    public Fault Fault => fault;
}
