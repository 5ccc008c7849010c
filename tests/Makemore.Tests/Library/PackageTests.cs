using System.IO.Compression;
using System.Reflection.Metadata;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Makemore.Tests.Script;

namespace Makemore.Tests.Library;

/// <summary>The packages: what is in them, and programs that restore them from a local feed (those of tests/Consumers, the template's, and those in the README).</summary>
public sealed partial class PackageTests(PackageTests.Feed feed) : IClassFixture<PackageTests.Feed>
{
    private static readonly string[] Short = ["-i", "words.txt", "--max-steps", "20", "--report-samples", "0"];

    [Theory]
    [InlineData("Makemore", "LanguageExt.Core [4.4.9, 5.0.0)")]
    [InlineData("Makemore.Reports", "Makemore 1.0.0; LanguageExt.Core [4.4.9, 5.0.0)")]
    [InlineData("Makemore.WorkDirs", "Makemore.Reports 1.0.0; LanguageExt.Core [4.4.9, 5.0.0)")]
    [InlineData(
        "Makemore.Console",
        "Makemore.WorkDirs 1.0.0; LanguageExt.Core [4.4.9, 5.0.0); Spectre.Console [0.57.2, 1.0.0); System.CommandLine [3.0.0, 4.0.0)")]
    [InlineData(
        "Makemore.Studies",
        "Makemore.Console 1.0.0; LanguageExt.Core [4.4.9, 5.0.0); Spectre.Console [0.57.2, 1.0.0); System.CommandLine [3.0.0, 4.0.0)")]
    public void Package_HasItsLibraryDocumentationReadmeIconAndSymbols(string name, string dependencies)
    {
        using var package = feed.Open($"{name}.1.0.0.nupkg");
        Assert.Equal(
            [$"{name}.nuspec", "PACKAGE.md", "icon.png", $"lib/net10.0/{name}.dll", $"lib/net10.0/{name}.xml"],
            Content(package));
        using var symbols = feed.Open($"{name}.1.0.0.snupkg");
        Assert.Contains($"lib/net10.0/{name}.pdb", Content(symbols));
        var nuspec = XDocument.Load(package.GetEntry($"{name}.nuspec")!.Open()).Root!;
        XNamespace space = nuspec.Name.Namespace;
        string? Value(string element) => nuspec.Descendants(space + element).Single().Value;
        Assert.Equal(("MIT", "PACKAGE.md", "icon.png"), (Value("license"), Value("readme"), Value("icon")));
        Assert.NotEmpty(Value("description")!);
        Assert.Equal(dependencies, string.Join("; ", nuspec.Descendants(space + "dependency").Select(dependency =>
            $"{dependency.Attribute("id")!.Value} {dependency.Attribute("version")!.Value}")));
    }

    [Theory, InlineData("Makemore"), InlineData("Makemore.Reports"), InlineData("Makemore.WorkDirs"), InlineData("Makemore.Console"), InlineData("Makemore.Studies")]
    public void Package_IsTheSameFromAnyFolder(string name)
    {
        byte[] library = feed.Read($"{name}.1.0.0.nupkg", $"lib/net10.0/{name}.dll"), symbols = feed.Read($"{name}.1.0.0.snupkg", $"lib/net10.0/{name}.pdb");
        foreach (var encoding in (Encoding[])[Encoding.UTF8, Encoding.Unicode])
            foreach (var file in (byte[][])[library, symbols, feed.Read($"{name}.1.0.0.nupkg", $"{name}.nuspec")])
                Assert.Equal(-1, file.AsSpan().IndexOf(encoding.GetBytes(HostProcess.Repository)));
        // Symbols store the parts of a path apart.
        using var provider = MetadataReaderProvider.FromPortablePdbStream(new MemoryStream(symbols));
        var reader = provider.GetMetadataReader();
        Assert.All(reader.Documents, document => Assert.StartsWith("/_/", reader.GetString(reader.GetDocument(document).Name)));
    }

    [Fact]
    public void Template_HasAModelAndItsWords()
    {
        using var package = feed.Open("Makemore.Templates.1.0.0.nupkg");
        const string Folder = "content/makemore-script";
        Assert.Equal(
            [
                "Makemore.Templates.nuspec", "PACKAGE.md", $"{Folder}/.template.config/template.json", $"{Folder}/Mlp.cs",
                $"{Folder}/Program.cs", $"{Folder}/data/names.txt", $"{Folder}/mymodel.csproj", "icon.png",
            ],
            Content(package));
    }

    [Theory]
    [InlineData("run", "--project", "CSharp", "--")]
    [InlineData("run", "--project", "FSharp", "--")]
    [InlineData("fsi", "model.fsx")]
    public void Consumer_RestoredFromTheFeed_TrainsLoadsAndGenerates(params string[] command)
    {
        var folder = $"out/{command[1]}{command[^2]}";
        var first = feed.Run([.. command, .. Short, "-o", folder]);
        Assert.Contains("test loss: ", first.Output);
        // Such as NU1603: the registry has a newer version than the one asked for, and not that one.
        Assert.DoesNotContain("warning NU", first.Output);
        string[] again = command is ["run", .. var project] ? ["run", "--no-build", .. project] : command;
        Assert.Equal(5, feed.Run([.. again, "generate", folder]).Output.Split('\n').Length);
    }

    [Fact]
    public void Consumer_OfNoSavedModel_SaysItInALine()
    {
        var outcome = feed.Run(["run", "--project", "CSharp", "generate", "nowhere"], exitCode: 1);
        Assert.Equal(("", $"CSharp: {Path.Combine("nowhere", "model.safetensors")}: no such file"), (outcome.Output, outcome.Error));
    }

    [Fact]
    public void Programs_InTheReadme_TrainLoadAndGenerate()
    {
        Assert.Contains("test loss: ", feed.Run(["run", "model.cs", "--", .. Short]).Output);
        Assert.All(feed.Run(["run", "others.cs"]).Output.Split('\n'), word => Assert.StartsWith("ka", word));
        Assert.True(File.Exists(feed.PathOf("out/mine/model.safetensors")));
    }

    [Fact]
    public void Programs_InTheReadmeOfThePackages_AreInTheReadme() =>
        Assert.Empty(CodeIn("src/PACKAGE.md", "Makemore").Except(CodeIn("README.md", "In a program of your own")));

    /// <summary>The blocks of C# in a section of a page.</summary>
    private static string[] CodeIn(string page, string section)
    {
        var text = File.ReadAllText(Path.Combine(HostProcess.Repository, page)).ReplaceLineEndings("\n");
        var begin = text.IndexOf($"# {section}\n", StringComparison.Ordinal);
        var end = text.IndexOf("\n## ", begin, StringComparison.Ordinal);
        return [.. Code().Matches(text[begin..(end < 0 ? text.Length : end)]).Select(match => match.Groups[1].Value)];
    }

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Code();

    private static IEnumerable<string> Content(ZipArchive package) => package.Entries
        .Select(entry => entry.FullName)
        .Where(entry => !entry.StartsWith("_rels/") && !entry.StartsWith("package/") && entry != "[Content_Types].xml")
        .Order(StringComparer.Ordinal);

    /// <summary>A folder with the packages, a copy of the programs and those in the README. What else they need comes from the packages that the build
    /// has restored.</summary>
    public sealed class Feed : IDisposable
    {
        private readonly TemporaryFolder _folder = new();

        public Feed()
        {
            foreach (var name in (string[])["Makemore", "Makemore.Reports", "Makemore.WorkDirs", "Makemore.Console", "Makemore.Studies", "Makemore.Templates"])
                Run(["pack", Path.Combine(HostProcess.Repository, "src", name), "--no-build", "-o", _folder["feed"], "-nodeReuse:false"]);
            var programs = Path.Combine(HostProcess.Repository, "tests", "Consumers");
            foreach (var file in Directory.EnumerateFiles(programs, "*", SearchOption.AllDirectories))
            {
                var copy = _folder[Path.GetRelativePath(programs, file)];
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.WriteAllText(copy, File.ReadAllText(file).Replace("VERSION", "1.0.0"));
            }
            // A whole program, and two parts of others that use its record.
            var code = CodeIn("README.md", "In a program of your own");
            _folder.Write("model.cs", code[0]);
            _folder.Write("others.cs", string.Join('\n',
                "#:package Makemore@1.0.0", "using Makemore;", code[2], code[1], code[0][code[0].IndexOf("internal", StringComparison.Ordinal)..]));
            _folder.Write("nuget.config", $"""
                <configuration>
                  <packageSources><add key="makemore" value="{_folder["feed"]}" /></packageSources>
                </configuration>
                """);
            // The C# project is what the template makes.
            string[] hive = ["--debug:custom-hive", _folder["hive"]];
            Run(["new", "install", Path.Combine(_folder["feed"], "Makemore.Templates.1.0.0.nupkg"), .. hive]);
            Run(["new", "makemore-script", "-o", _folder["CSharp"], .. hive]);
            File.WriteAllLines(_folder["words.txt"], File.ReadLines(Path.Combine(HostProcess.Repository, "data", "names.txt")).Take(300));
        }

        public string PathOf(string name) => _folder[name];

        internal ZipArchive Open(string package) => ZipFile.OpenRead(Path.Combine(_folder["feed"], package));

        internal byte[] Read(string package, string name)
        {
            using var archive = Open(package);
            using var content = new MemoryStream();
            archive.GetEntry(name)!.Open().CopyTo(content);
            return content.ToArray();
        }

        internal Script.Outcome Run(string[] arguments, int exitCode = 0)
        {
            var user = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
                ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
            var outcome = HostProcess.Run(
                "dotnet", _folder.FullName, _folder["cache"], arguments,
                ("NUGET_PACKAGES", _folder["packages"]), ("NUGET_FALLBACK_PACKAGES", user));
            Assert.True(outcome.ExitCode == exitCode, $"dotnet {string.Join(' ', arguments)}: {outcome.Output}{outcome.Error}");
            return outcome;
        }

        public void Dispose() => _folder.Dispose();
    }
}
