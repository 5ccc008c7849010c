using LanguageExt;

namespace Makemore.Tests;

/// <summary>The value or the fault that a test expects.</summary>
internal static class Outcome
{
    public static T Value<T>(this Either<Fault, T> either) =>
        either.Match(Right: value => value, Left: fault => throw new Xunit.Sdk.XunitException($"A fault: {fault}"));

    /// <summary>The fault's message, which is one line.</summary>
    public static string Message<T>(this Either<Fault, T> either)
    {
        var message = either.Match(Right: value => $"no fault, but {value}", Left: fault => fault.Message);
        Assert.DoesNotContain('\n', message);
        return message;
    }
}
