using System.Runtime.CompilerServices;

namespace Makemore.Tests.Scripts;

/// <summary>
/// Compares texts with <c>Class.Method.verified.txt</c> next to the test, with Verify's file names. A text that differs is
/// written to <c>*.received.txt</c>; renaming that file accepts it. Verify.XunitV3 does the work if the package registry has
/// it, otherwise a few lines here; no other code depends on which.
/// </summary>
internal static class Snapshot
{
    /// <summary>Asserts that a text equals the verified one.</summary>
    /// <param name="text">The text.</param>
    /// <param name="parameters">The row of a theory, such as <c>script=mlp</c>.</param>
    /// <param name="file">The file of the test; the compiler passes it.</param>
    /// <param name="method">The name of the test; the compiler passes it.</param>
    public static void Verify(
        string text, string? parameters = null, [CallerFilePath] string file = "", [CallerMemberName] string method = "")
    {
        var row = parameters is null ? "" : $"_{parameters.Replace('/', '-')}";
        Compare(text, Path.GetDirectoryName(file)!, $"{Path.GetFileNameWithoutExtension(file)}.{method}{row}", file);
    }

#if VERIFY
    /// <summary>What compares the texts.</summary>
    public const string By = "Verify.XunitV3";

    private static void Compare(string text, string folder, string name, string file)
    {
        var settings = new VerifyTests.VerifySettings();
        settings.UseDirectory(folder);
        settings.UseFileName(name);
        settings.DisableDiff();
        // A test may compare one snapshot twice.
        settings.DisableRequireUniquePrefix();
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
