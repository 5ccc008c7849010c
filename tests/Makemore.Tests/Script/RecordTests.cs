using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Makemore.Tests.Script;

/// <summary>What the host writes down of a run, for the compiler that compiles libraries ahead of time.</summary>
public sealed class RecordTests : IDisposable
{
    private const string WithTracing = """
        { "runtimeOptions": { "framework": { "name": "Microsoft.NETCore.App", "version": "10.0.0" } } }
        """;

    private readonly ScriptFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Record_NamesTheFrameworksGenericCode_AndNothingOfTheScripts()
    {
        folder.Write("main.csx", """
            record struct Own(int Value);
            WriteLine(Enumerable.Range(0, 3).Select(i => (i, 2.0 * i)).Max(pair => pair.Item2));
            WriteLine(Enumerable.Range(0, 3).Select(i => new Own(i)).Last());
            """);
        Assert.Equal(new Outcome(0, "4\nOwn { Value = 2 }", ""), Record("main.csx"));
        using var file = new PEReader(File.OpenRead(folder["main.mibc"]));
        var metadata = file.GetMetadataReader();
        string[] types = [.. metadata.TypeReferences.Select(type => metadata.GetString(metadata.GetTypeReference(type).Name))];
        Assert.Contains("RangeSelectIterator`2", types);
        Assert.Contains("ValueTuple`2", types);
        Assert.DoesNotContain("Own", types);
        string[] functions = ["Group", "AssemblyDictionary"];
        Assert.Equal(functions, metadata.MethodDefinitions.Select(method => metadata.GetString(metadata.GetMethodDefinition(method).Name)));
    }

    [Fact]
    public void Record_OfAScriptThatFails_IsMadeToo()
    {
        folder.Write("main.csx", "return new[] { (1, 2.0) }.Select(pair => pair.Item1 + 2).First();");
        Assert.Equal(new Outcome(3, "", ""), Record("main.csx"));
        Assert.True(File.Exists(folder["main.mibc"]));
    }

    [Theory]
    [InlineData("--record: this host is configured without event tracing", "--record", "main.mibc", "main.csx")]
    [InlineData("--record: name a file after it, and then a script", "--record", "main.mibc")]
    public void Record_ThatCannotBeMade_IsAnsweredInOneLine(string answer, params string[] arguments)
    {
        folder.Write("main.csx", "WriteLine(1);");
        Assert.Equal(new Outcome(1, "", answer), folder.Run(arguments));
    }

    [Fact]
    public void Record_ThatCannotBeWritten_IsAnsweredInOneLine()
    {
        folder.Write("main.csx", "WriteLine(1);");
        Directory.CreateDirectory(folder["main.mibc"]);
        var outcome = Record("main.csx");
        Assert.Equal((1, "1"), (outcome.ExitCode, outcome.Output));
        Assert.StartsWith($"{folder["main.mibc"]}: ", outcome.Error);
        Assert.DoesNotContain('\n', outcome.Error);
    }

    private Outcome Record(string script)
    {
        folder.Write("tracing.json", WithTracing);
        string[] host = ["exec", "--runtimeconfig", folder["tracing.json"], HostProcess.Path];
        return HostProcess.Run("dotnet", folder[""], folder["cache"], [.. host, "--record", folder["main.mibc"], script]);
    }
}
