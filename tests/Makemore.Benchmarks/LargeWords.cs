using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Makemore.Benchmarks;

/// <summary>
/// A large words file: generates one, and prints how fast it is indexed, how much memory a run of mlp on it needs, and how
/// long a step takes compared with a small file.
/// </summary>
internal static partial class LargeWords
{
    private const int Runs = 3, Steps = 1000, SmallWords = 300_000, Batched = 20_000, MinLength = 3, MaxLength = 15;

    /// <summary>200 million words, 2 GB.</summary>
    public const long DefaultCount = 200_000_000;

    /// <summary>Runs the benchmark, and deletes its files.</summary>
    public static void Print(long count)
    {
        var folder = Directory.CreateTempSubdirectory("makemore-words-").FullName;
        try
        {
            var (large, small) = (Path.Combine(folder, "large.txt"), Path.Combine(folder, "small.txt"));
            Write(large, count);
            Write(small, Math.Min(SmallWords, count));
            Index(large);
            Batches(large, small);
            Train(folder, large, small);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Builds the index several times, with the file in the disk cache as far as it fits.</summary>
    private static void Index(string path)
    {
        var size = new FileInfo(path).Length;
        Say($"words: {size / 1e6:0} MB");
        for (var run = 0; run < Runs; run++)
        {
            File.Delete(path + ".index");
            var (start, processor) = (Stopwatch.GetTimestamp(), ProcessorSeconds());
            var words = FileWords.Open(path).Match(words => words, fault => throw new IOException(fault.Message));
            var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            Say($"index: {words.Count} words in {seconds:0.00} s, {size / 1e6 / seconds:0} MB/s, {size / 1e6 / (ProcessorSeconds() - processor):0} MB per processor second");
        }
        var again = Stopwatch.GetTimestamp();
        FileWords.Open(path);
        Say($"opened again in {Stopwatch.GetElapsedTime(again).TotalMilliseconds:0} ms");
    }

    /// <summary>The time of a batch of 32 words from the file and from memory, taking turns. Training reads batches ahead, so its
    /// steps differ by less.</summary>
    private static void Batches(string large, string small)
    {
        var key = Key.FromSeed(1);
        Batches[] batches = [.. new[] { large, small }.Select(path => new Batches(ReadTrain(path, key), MaxLength + 1, 32))];
        var times = new List<double>[] { [], [] };
        for (var index = 0; index < 2 * Batched; index++)
        {
            var start = Stopwatch.GetTimestamp();
            batches[index % 2].At(key, index);
            times[index % 2].Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        }
        Say($"batch: {times[0].Median():0} µs from the large file, {times[1].Median():0} µs from memory");
    }

    private static IEncodedWords ReadTrain(string path, Key key) => Corpus.Read(new(path), key)
        .Match(corpus => corpus.Train, fault => throw new IOException(fault.Message));

    private static double ProcessorSeconds()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime.TotalSeconds;
    }

    /// <summary>Runs the script on the large and the small file, taking turns.</summary>
    private static void Train(string folder, string large, string small)
    {
        var (onLarge, onSmall) = (new List<double>(), new List<double>());
        for (var run = 0; run < Runs; run++)
        {
            onSmall.Add(TrainOn(small));
            onLarge.Add(TrainOn(large));
        }
        var (largeStep, smallStep) = (onLarge.Median(), onSmall.Median());
        Say($"step: {largeStep:0.000} ms, {smallStep:0.000} ms on a small file; {100 * ((largeStep / smallStep) - 1):+0.0;-0.0} %");

        double TrainOn(string path)
        {
            var (steps, mebibytes, seconds) = RunScript(
            [
                Repository.Host, Repository.Script("mlp"), "-i", path, "-o", Path.Combine(folder, "out"), "--max-steps", $"{Steps}", "--eval-every", $"{Steps}",
                "--num", "0", "--block-size", $"{MaxLength + 1}", "--context", $"{MaxLength + 1}",
            ]);
            Say($"mlp, {Path.GetFileName(path)}: {steps.Median():0.000} ms per step, at most {mebibytes} MiB, {seconds:0.0} s");
            return steps.Median();
        }
    }

    private static (List<double> Steps, long Mebibytes, double Seconds) RunScript(string[] arguments)
    {
        var start = Stopwatch.GetTimestamp();
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true })!;
        var (steps, mebibytes) = (new List<double>(), 0L);
        while (process.StandardOutput.ReadLine() is { } line)
        {
            if (StepTime().Match(line) is { Success: true } match)
                steps.Add(double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));
            mebibytes = Math.Max(mebibytes, PeakMebibytes(process));
        }
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"The script ended with {process.ExitCode}.");
        return (steps, mebibytes, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    /// <summary>The peak memory of a process; on Linux VmHWM, without the file cache.</summary>
    private static long PeakMebibytes(Process process)
    {
        try
        {
            process.Refresh();
            return process.HasExited ? 0 : process.PeakWorkingSet64 >> 20;
        }
        catch (InvalidOperationException)
        {
            return 0; // the process has just ended
        }
    }

    /// <summary>Writes pronounceable words of 3 to 15 letters, 9 on average.</summary>
    private static void Write(string path, long count)
    {
        const string Consonants = "bcdfghjklmnprstv", Vowels = "aeiouyae";
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20);
        Span<byte> word = stackalloc byte[MaxLength + 1];
        var state = 1UL;
        for (var index = 0L; index < count; index++)
        {
            var bits = Mix(state += 0x9E3779B97F4A7C15);
            var length = MinLength + (int)((bits >> 48) * (MaxLength - MinLength + 1) >> 16);
            for (var i = 0; i < length; i++, bits >>= 3)
                word[i] = (byte)(i % 2 == 0 ? Consonants[(int)(bits % 16)] : Vowels[(int)(bits % 8)]);
            word[length] = (byte)'\n';
            file.Write(word[..(length + 1)]);
        }
    }

    /// <summary>SplitMix64: Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014.</summary>
    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    private static void Say(FormattableString line) => System.Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    [GeneratedRegex(@"step time (\d+\.\d\d)ms")]
    private static partial Regex StepTime();
}
