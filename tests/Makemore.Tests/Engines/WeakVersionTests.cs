using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace Makemore.Tests;

/// <summary>Native libraries that need a version of another library, marked as weak; tried on one of the runtime's own.</summary>
public sealed partial class WeakVersionTests
{
    private static readonly string Library =
        Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "libSystem.Native.so");

    [LinuxFact("libraries elsewhere have another format")]
    public void Version_ThatALibraryNeeds_IsMarkedAndTheLibraryStillLoads()
    {
        var original = File.ReadAllBytes(Library);
        var versions = Versions().Matches(Encoding.Latin1.GetString(original)).Select(match => match.Groups[1].Value).ToArray();
        Assert.NotEmpty(versions);
        foreach (var version in versions)
        {
            var marked = Marked(original, version);
            var changed = Enumerable.Range(0, original.Length).Where(i => marked[i] != original[i]).ToArray();
            // A version may be one of several libraries: of libc and of libm.
            Assert.InRange(changed.Length, 1, 3);
            Assert.All(changed, at => Assert.Equal((0, 2), (original[at], marked[at])));
            using var folder = new TemporaryFolder();
            File.WriteAllBytes(folder["marked.so"], marked);
            NativeLibrary.Free(NativeLibrary.Load(folder["marked.so"]));
        }
    }

    [LinuxFact("libraries elsewhere have another format")]
    public void Version_ThatALibraryDoesNotNeed_ChangesNothing()
    {
        var original = File.ReadAllBytes(Library);
        Assert.All(["GLIBC_9.9", "GLIBC_2", "", "free"], version => Assert.Equal(original, Marked(original, version)));
    }

    [Fact]
    public void File_OfAnotherFormat_IsNotChanged() => Assert.Equal("MZ GLIBC_2.2.5\0"u8, Marked("MZ GLIBC_2.2.5\0"u8, "GLIBC_2.2.5"));

    private static byte[] Marked(ReadOnlySpan<byte> library, string version)
    {
        var copy = library.ToArray();
        WeakVersion.Mark(copy, version);
        return copy;
    }

    [GeneratedRegex(@"\0(GLIBC_\d[\d.]+)(?=\0)")]
    private static partial Regex Versions();
}
