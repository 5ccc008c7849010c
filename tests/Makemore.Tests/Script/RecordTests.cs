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
        var (types, _, functions) = Names();
        Assert.Contains("RangeSelectIterator`2", types);
        Assert.Contains("ValueTuple`2", types);
        Assert.DoesNotContain("Own", types);
        Assert.Equal(["Group", "AssemblyDictionary"], functions);
    }

    /// <summary>The records that the build has made, and the compiler that it has given them to: what the library needs of
    /// LINQ for keys stands compiled.</summary>
    [AheadFact]
    public void Record_ThatTheBuildMade_LeavesNothingToCompileOfWhatItNames()
    {
        Assert.Contains("RangeSelectIterator`2.ToArray", Compiled("plain", []));
        Assert.DoesNotContain("RangeSelectIterator`2.ToArray", Compiled("compiled", ["ahead"]));

        string[] Compiled(string copy, string[] folders)
        {
            foreach (var part in folders.Prepend(""))
            {
                Directory.CreateDirectory(folder[$"{copy}/{part}"]);
                foreach (var library in Directory.GetFiles(Path.Combine(AheadFactAttribute.Libraries, part), "*.dll"))
                    File.Copy(library, folder[$"{copy}/{part}/{Path.GetFileName(library)}"]);
            }
            folder.Write("main.csx", $$"""
                #r "{{copy}}/Makemore.dll"
                #r "{{copy}}/Makemore.Console.dll"
                using Makemore;
                var run = Run.Open(["-i", "words.txt", "-o", "out"], "record", "Words.", []);
                WriteLine(Enumerable.Range(0, 3).Select(i => Key.FromSeed(1).At(i)).ToArray().Length);
                """);
            folder.Write("words.txt", "emma\nava\n");
            Assert.Equal(0, Record("main.csx").ExitCode);
            return Names().Members;
        }
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

    /// <summary>The names in the record.</summary>
    private (string[] Types, string[] Members, string[] Functions) Names()
    {
        using var file = new PEReader(File.OpenRead(folder["main.mibc"]));
        var metadata = file.GetMetadataReader();
        return (
            [.. metadata.TypeReferences.Select(type => metadata.GetString(metadata.GetTypeReference(type).Name))],
            [.. metadata.MemberReferences.Select(metadata.GetMemberReference).Select(member => $"{Owner(member)}.{metadata.GetString(member.Name)}")],
            [.. metadata.MethodDefinitions.Select(method => metadata.GetString(metadata.GetMethodDefinition(method).Name))]);

        string Owner(MemberReference member)
        {
            if (member.Parent.Kind != HandleKind.TypeSpecification)
                return "";
            // An instance of a generic type: two bytes that say so, and the type (ECMA-335 II.23.2.12).
            var signature = metadata.GetBlobReader(metadata.GetTypeSpecification((TypeSpecificationHandle)member.Parent).Signature);
            signature.Offset = 2;
            return metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)signature.ReadTypeHandle()).Name);
        }
    }

    private Outcome Record(string script)
    {
        folder.Write("tracing.json", WithTracing);
        string[] host = ["exec", "--runtimeconfig", folder["tracing.json"], HostProcess.Path];
        return HostProcess.Run("dotnet", folder[""], folder["cache"], [.. host, "--record", folder["main.mibc"], script]);
    }
}

/// <summary>A test of libraries that the build has compiled ahead of time: skipped where it could not.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class AheadFactAttribute : FactAttribute
{
    public AheadFactAttribute() =>
        Skip = Directory.Exists(Path.Combine(Libraries, "ahead")) ? null : "The libraries are not compiled ahead of time here.";

    /// <summary>Where the build puts them.</summary>
    public static string Libraries { get; } =
        Path.Combine(HostProcess.Repository, "artifacts", "bin", "Makemore.Console", "release");
}
