using System.Diagnostics;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Makemore.Tests;

/// <summary>A page in a browser.</summary>
/// <param name="Probe">The result of the probe, as JSON.</param>
/// <param name="Messages">The messages in the console.</param>
/// <param name="Requests">The addresses that the page requested besides itself.</param>
internal sealed record Page(JsonElement Probe, IReadOnlyList<string> Messages, IReadOnlyList<string> Requests);

/// <summary>Headless Chromium, if it is installed.</summary>
internal static partial class Browser
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(1);
    // Milliseconds of the page's own clock, which does not run while it computes.
    private const int Settled = 500;

    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];

    /// <summary>Its path; null if it is not installed.</summary>
    public static string? Path { get; } = (
        from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator)
        from name in Names
        let path = System.IO.Path.Combine(folder, name)
        where File.Exists(path)
        select path).FirstOrDefault();

    /// <summary>Opens a page at a width, in dark or light mode, and runs a probe once it has settled: JavaScript statements that
    /// return a value, and may await.</summary>
    public static Page Open(string html, string probe, int width = 1280, bool isDark = false)
    {
        var folder = Directory.CreateTempSubdirectory("makemore-browser-").FullName;
        try
        {
            var (file, net) = (System.IO.Path.Combine(folder, "frame.html"), System.IO.Path.Combine(folder, "net.json"));
            File.WriteAllText(file, Frame(width));
            File.WriteAllText(
                System.IO.Path.Combine(folder, "page.html"),
                html + $"<script>setTimeout(async () => parent.postMessage(JSON.stringify(await (async () => {{ {probe} }})()), '*'), {Settled})</script>");
            var (dom, log) = Run(
                $"--user-data-dir={folder}/profile", $"--log-net-log={net}",
                $"--blink-settings=preferredColorScheme={(isDark ? 0 : 1)}", new Uri(file).AbsoluteUri);
            return new(
                JsonDocument.Parse(WebUtility.HtmlDecode(Probe().Match(dom).Groups[1].Value)).RootElement,
                [.. log.Split('\n').Where(line => line.Contains(":CONSOLE", StringComparison.Ordinal))], Requests(net));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Opens an address of this machine, and returns the document after two seconds, and the messages in the console.</summary>
    public static (string Dom, IReadOnlyList<string> Messages, IReadOnlyList<string> Requests) Visit(Uri address)
    {
        using var folder = new TemporaryFolder();
        var net = folder["net.json"];
        var (dom, log) = Run(
            $"--user-data-dir={folder["profile"]}", $"--log-net-log={net}", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
            address.AbsoluteUri);
        return (dom, [.. log.Split('\n').Where(line => line.Contains(":CONSOLE", StringComparison.Ordinal))], Requests(net));
    }

    /// <summary>A page with a frame, because a window cannot be narrower than 500 pixels.</summary>
    private static string Frame(int width) =>
        $$"""
        <!DOCTYPE html><meta name="color-scheme" content="light dark"><body>
        <script>addEventListener("message", event => document.body.dataset.probe = event.data)</script>
        <iframe src="page.html" style="border:0;width:{{width}}px;height:900px"></iframe>
        """;

    private static (string Dom, string Log) Run(params string[] arguments)
    {
        var start = new ProcessStartInfo(
            Path!,
            [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--enable-logging=stderr", "--v=0",
                "--host-resolver-rules=MAP * ~NOTFOUND", "--virtual-time-budget=2000", "--dump-dom", .. arguments,
            ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var (dom, log) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (!process.WaitForExit(Timeout))
            process.Kill(entireProcessTree: true);
        return (dom.Result, log.Result);
    }

    /// <summary>The requests of the page. Requests of the browser itself, such as for updates, have no page as their
    /// origin.</summary>
    private static string[] Requests(string netLog)
    {
        using var log = JsonDocument.Parse(File.ReadAllText(netLog));
        return
        [
            .. from entry in log.RootElement.GetProperty("events").EnumerateArray()
               let about = entry.TryGetProperty("params", out var found) ? found : default
               where about.ValueKind == JsonValueKind.Object
                   && about.TryGetProperty("initiator", out var initiator) && initiator.GetString() != "not an origin"
               select about.GetProperty("url").GetString(),
        ];
    }

    [GeneratedRegex("<body[^>]* data-probe=\"([^\"]*)\"")]
    private static partial Regex Probe();
}

/// <summary>A test that needs a browser, and is skipped without one.</summary>
internal sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line) => Skip = BrowserTheoryAttribute.Reason;
}

/// <summary>A theory that needs a browser, and is skipped without one.</summary>
internal sealed class BrowserTheoryAttribute : TheoryAttribute
{
    public BrowserTheoryAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line) => Skip = Reason;

    /// <summary>Why such tests are skipped, if they are.</summary>
    public static string? Reason => Browser.Path is null ? "no chromium is installed: apt-get install chromium" : null;
}
