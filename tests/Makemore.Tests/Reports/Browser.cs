using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Makemore.Tests;

/// <summary>What a browser made of a page.</summary>
/// <param name="Probe">What a script at the end of the page found out: JSON.</param>
/// <param name="Messages">What stood in the console.</param>
/// <param name="Requests">The addresses that the page asked for besides itself.</param>
internal sealed record Page(JsonElement Probe, IReadOnlyList<string> Messages, IReadOnlyList<string> Requests);

/// <summary>Chromium without a window, where there is one.</summary>
internal static partial class Browser
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];

    /// <summary>Its path; none where it is not installed.</summary>
    public static string? Path { get; } = (
        from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator)
        from name in Names
        let path = System.IO.Path.Combine(folder, name)
        where File.Exists(path)
        select path).FirstOrDefault();

    /// <summary>Opens a page as on a screen of some width, dark or light, and runs a probe at its end: statements of
    /// JavaScript that give a value back.</summary>
    public static Page Open(string html, string probe, int width = 1280, bool isDark = false)
    {
        var folder = Directory.CreateTempSubdirectory("makemore-browser-").FullName;
        try
        {
            var (file, net) = (System.IO.Path.Combine(folder, "frame.html"), System.IO.Path.Combine(folder, "net.json"));
            File.WriteAllText(file, Frame(width));
            File.WriteAllText(
                System.IO.Path.Combine(folder, "page.html"),
                html + $"<script>parent.postMessage(JSON.stringify((() => {{ {probe} }})()), '*')</script>");
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

    /// <summary>A window is never narrower than 500 pixels; a frame in it may be.</summary>
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
        if (!process.WaitForExit(Patience))
            process.Kill(entireProcessTree: true);
        return (dom.Result, log.Result);
    }

    /// <summary>What the page asked for. The browser's own requests, for updates and the time, have no page as their
    /// origin.</summary>
    private static string[] Requests(string netLog)
    {
        using var log = JsonDocument.Parse(File.ReadAllText(netLog));
        return
        [
            .. from happened in log.RootElement.GetProperty("events").EnumerateArray()
               let about = happened.TryGetProperty("params", out var found) ? found : default
               where about.ValueKind == JsonValueKind.Object
                   && about.TryGetProperty("initiator", out var initiator) && initiator.GetString() != "not an origin"
               select about.GetProperty("url").GetString(),
        ];
    }

    [GeneratedRegex("<body[^>]* data-probe=\"([^\"]*)\"")]
    private static partial Regex Probe();
}

/// <summary>A test that needs a browser: where there is none it says that it was skipped.</summary>
internal sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute() => Skip = BrowserTheoryAttribute.Reason;
}

/// <summary>A table of tests that need a browser.</summary>
internal sealed class BrowserTheoryAttribute : TheoryAttribute
{
    public BrowserTheoryAttribute() => Skip = Reason;

    /// <summary>Why such tests are skipped here, if they are.</summary>
    public static string? Reason => Browser.Path is null ? "no chromium is installed: apt-get install chromium" : null;
}
