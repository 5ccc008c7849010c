using System.Runtime.CompilerServices;

namespace Makemore.Tests.Scripts;

/// <summary>
/// Texts held against <c>Class.Method.verified.txt</c> beside the test, with Verify's names for files. A text that
/// differs is written to <c>*.received.txt</c>; renaming that file accepts it.
/// </summary>
internal static class Snapshot
{
    /// <summary>Asserts that a text is the verified one.</summary>
    /// <param name="text">The text.</param>
    /// <param name="parameters">What tells the rows of a theory apart, as <c>script=mlp</c>.</param>
    /// <param name="file">The test's file; the compiler gives it.</param>
    /// <param name="method">The test's name; the compiler gives it.</param>
    public static void Verify(
        string text, string? parameters = null, [CallerFilePath] string file = "", [CallerMemberName] string method = "")
    {
        var row = parameters is null ? "" : $"_{parameters.Replace('/', '-')}";
        var name = $"{Path.ChangeExtension(file, null)}.{method}{row}";
        var (verified, received) = ($"{name}.verified.txt", $"{name}.received.txt");
        File.Delete(received);
        var expected = File.Exists(verified) ? File.ReadAllText(verified).ReplaceLineEndings("\n") : "";
        if (text == expected)
            return;
        File.WriteAllText(received, text);
        Assert.Fail($"{FirstDifference(expected, text)}\nTo accept it: mv '{received}' '{verified}'");
    }

    private static string FirstDifference(string expected, string received)
    {
        var (was, now) = (expected.Split('\n'), received.Split('\n'));
        var line = was.Zip(now, string.Equals).TakeWhile(isSame => isSame).Count();
        return $"line {line + 1} was '{was.ElementAtOrDefault(line)}' and is '{now.ElementAtOrDefault(line)}'";
    }
}
