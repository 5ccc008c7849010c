using System.Runtime.CompilerServices;

namespace Makemore.Tests.Scripts;

/// <summary>
/// Texts held against <c>Class.Method.verified.txt</c> beside the test, with Verify's names for files. A text that
/// differs is written to <c>*.received.txt</c>; renaming that file accepts it. Verify.Xunit does it where the registry has
/// it, a few lines here where not: no other place knows which it is.
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
        Compare(text, Path.GetDirectoryName(file)!, $"{Path.GetFileNameWithoutExtension(file)}.{method}{row}", file);
    }

#if VERIFY
    /// <summary>What compares the texts.</summary>
    public const string By = "Verify.Xunit";

    private static void Compare(string text, string folder, string name, string file)
    {
        var settings = new VerifyTests.VerifySettings();
        settings.UseDirectory(folder);
        settings.UseFileName(name);
        settings.DisableDiff();
        VerifyXunit.Verifier.Verify(text, settings, file).ToTask().GetAwaiter().GetResult();
    }
#else
    /// <summary>What compares the texts.</summary>
    public const string By = "Snapshot.cs";

    private static void Compare(string text, string folder, string name, string _)
    {
        var place = Path.Combine(folder, name);
        var (verified, received) = ($"{place}.verified.txt", $"{place}.received.txt");
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
#endif
}
