using Makemore.Tests.Script;

namespace Makemore.Tests.Scripts;

/// <summary>Scripts whose output goes nowhere.</summary>
public sealed class StandardStreamTests
{
    [LinuxFact("/dev/full is on Linux")]
    public void Output_Full_IsAnErrorOnOneLine() => Assert.Equal(
        new Script.Outcome(1, "", "makemore: standard output cannot be written: No space left on device"), Run("--help", "> /dev/full"));

    [LinuxFact("closing a stream takes a shell")]
    public void Error_Closed_LeavesTheExitCode() =>
        Assert.Equal(new Script.Outcome(1, "", ""), Run("--no-such-option", "2>&-"));

    [LinuxFact("closing a stream takes a shell")]
    public void Output_Closed_IsAnErrorOnOneLine() => Assert.Equal(
        new Script.Outcome(1, "", "makemore: standard output cannot be written: it is closed"), Run("--help", ">&-"));

    private static Script.Outcome Run(string option, string redirection) => HostProcess.Run(
        "sh", ScriptProcess.Folder, ScriptProcess.At("cache"),
        ["-c", $"exec \"$@\" {redirection}", "sh", "dotnet", HostProcess.Path, ScriptFile.PathOf("mlp"), option]);
}
