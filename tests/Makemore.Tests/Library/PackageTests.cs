using System.IO.Compression;
using System.Text;
using System.Xml.Linq;
using Makemore.Tests.Script;

namespace Makemore.Tests.Library;

/// <summary>The packages: what is in them, and programs that restore them from a local feed (those of tests/Consumers, and the one in the README).</summary>
public sealed class PackageTests(PackageTests.Feed feed) : IClassFixture<PackageTests.Feed>
{
    [Theory]
    [InlineData("Makemore", "LanguageExt.Core [4.4.9, 5.0.0)")]
    [InlineData("Makemore.Reports", "Makemore 1.0.0; LanguageExt.Core [4.4.9, 5.0.0)")]
    [InlineData(
        "Makemore.Console",
        "Makemore.Reports 1.0.0; Makemore 1.0.0; LanguageExt.Core [4.4.9, 5.0.0); Spectre.Console [0.49.1, 1.0.0); System.CommandLine [3.0.0, 4.0.0)")]
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

    [Theory, InlineData("Makemore"), InlineData("Makemore.Reports"), InlineData("Makemore.Console")]
    public void Library_ContainsNoPathOfTheFolderThatItWasBuiltIn(string name)
    {
        using var package = feed.Open($"{name}.1.0.0.nupkg");
        using var library = new MemoryStream();
        package.GetEntry($"lib/net10.0/{name}.dll")!.Open().CopyTo(library);
        Assert.Equal(-1, library.ToArray().AsSpan().IndexOf(Encoding.UTF8.GetBytes(HostProcess.Repository)));
    }

    [Theory]
    [InlineData("run", "--project", "CSharp", "--")]
    [InlineData("run", "--project", "FSharp", "--")]
    [InlineData("run", "app.cs", "--")]
    [InlineData("fsi", "model.fsx")]
    public void Consumer_RestoredFromTheFeed_TrainsAndSamples(params string[] command)
    {
        string[] options = ["-i", feed.Words, "-o", $"out/{command[1]}{command[^2]}", "--max-steps", "20", "--report-samples", "0"];
        var output = feed.Run([.. command, .. options]).Output;
        Assert.Contains("test loss: ", output);
        Assert.Contains("samples in train:", output);
    }

    [Fact]
    public void Program_InTheReadmeOfThePackages_IsThatInTheReadme() =>
        Assert.Equal(ProgramIn("README.md"), ProgramIn("src/PACKAGE.md"));

    /// <summary>The file-based app that a page shows.</summary>
    private static string ProgramIn(string page)
    {
        const string Begin = "```csharp\n#:package";
        var text = File.ReadAllText(Path.Combine(HostProcess.Repository, page)).ReplaceLineEndings("\n");
        var begin = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.IndexOf('#');
        return text[begin..text.IndexOf("```", begin, StringComparison.Ordinal)];
    }

    private static IEnumerable<string> Content(ZipArchive package) => package.Entries
        .Select(entry => entry.FullName)
        .Where(entry => !entry.StartsWith("_rels/") && !entry.StartsWith("package/") && entry != "[Content_Types].xml")
        .Order(StringComparer.Ordinal);

    /// <summary>A folder with the packages, a copy of the programs and the one in the README. What else they need comes from the packages that the build
    /// has restored.</summary>
    public sealed class Feed : IDisposable
    {
        private readonly TemporaryFolder _folder = new();

        public Feed()
        {
            foreach (var name in (string[])["Makemore", "Makemore.Reports", "Makemore.Console"])
                Run(["pack", Path.Combine(HostProcess.Repository, "src", name), "--no-build", "-o", _folder["feed"], "-nodeReuse:false"]);
            var programs = Path.Combine(HostProcess.Repository, "tests", "Consumers");
            foreach (var file in Directory.EnumerateFiles(programs, "*", SearchOption.AllDirectories))
            {
                var copy = _folder[Path.GetRelativePath(programs, file)];
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.WriteAllText(copy, File.ReadAllText(file).Replace("VERSION", "1.0.0"));
            }
            _folder.Write("app.cs", ProgramIn("README.md"));
            _folder.Write("nuget.config", $"""
                <configuration>
                  <packageSources><add key="makemore" value="{_folder["feed"]}" /></packageSources>
                </configuration>
                """);
            File.WriteAllLines(Words, File.ReadLines(Path.Combine(HostProcess.Repository, "data", "names.txt")).Take(300));
        }

        public string Words => _folder["words.txt"];

        internal ZipArchive Open(string package) => ZipFile.OpenRead(Path.Combine(_folder["feed"], package));

        internal Script.Outcome Run(string[] arguments)
        {
            var user = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
                ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
            var outcome = HostProcess.Run(
                "dotnet", _folder.FullName, _folder["cache"], arguments,
                ("NUGET_PACKAGES", _folder["packages"]), ("NUGET_FALLBACK_PACKAGES", user));
            Assert.True(outcome.ExitCode == 0, $"dotnet {string.Join(' ', arguments)}: {outcome.Output}{outcome.Error}");
            return outcome;
        }

        public void Dispose() => _folder.Dispose();
    }
}
