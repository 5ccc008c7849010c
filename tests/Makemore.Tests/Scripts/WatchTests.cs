using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Makemore.Tests.Scripts;

/// <summary>The live page.</summary>
public sealed class WatchTests
{
    [Fact]
    public async Task Watch_Runs_ServesTheirCurvesAndSamplesToThisMachineOnly()
    {
        var (port, run) = (FreePort(), ScriptRun.Run("mlp", "--max-steps", "12"));
        await While(port, run.WorkDir, async client =>
        {
            var page = await client.GetAsync(new Uri("/", UriKind.Relative));
            Assert.Contains("connect-src 'self'", await page.Content.ReadAsStringAsync());
            var runs = await client.GetStringAsync(new Uri("/runs", UriKind.Relative));
            Assert.Contains("Held-out loss", runs);
            Assert.Contains("<h3>", runs);
            Assert.Contains(run.WorkDir, runs);
            Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(new Uri("/etc/passwd", UriKind.Relative))).StatusCode);
            Assert.All(
                IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Where(listener => listener.Port == port),
                listener => Assert.Equal(IPAddress.Loopback, listener.Address));
        });
    }

    /// <summary>Two processes that train meanwhile.</summary>
    [BrowserFact]
    public void Watch_InABrowser_ShowsTwoRunsWhileTheyTrainWithoutErrorsOrOtherRequests()
    {
        string[] options = ["--max-steps", "100000000", "--eval-every", "500"];
        ScriptRun.Killed("mlp", line => IsSecondEvaluation(line) && Second(), TimeSpan.Zero, options);

        bool Second() =>
            ScriptRun.Killed("rnn", line => IsSecondEvaluation(line) && Visit(), TimeSpan.Zero, options).Outcome.ExitCode > 0;

        static bool IsSecondEvaluation(string line) => line.StartsWith("step 1000 ", StringComparison.Ordinal);

        static bool Visit()
        {
            var port = FreePort();
            While(port, "runs", async client =>
            {
                var runs = await client.GetStringAsync(new Uri("/runs", UriKind.Relative));
                var (dom, messages, requests) = await Task.Run(() => Browser.Visit(client.BaseAddress!));
                Assert.Empty(messages);
                // Their steps.
                Assert.InRange(Regex.Count(dom, "<td>[0-9]+,[05]00</td>"), 2, 8);
                Assert.Contains("<svg", dom);
                Assert.All(requests, request => Assert.True(
                    request.StartsWith($"http://127.0.0.1:{port}/", StringComparison.Ordinal) || request.StartsWith("data:", StringComparison.Ordinal), request));
                Assert.NotEqual(runs, await client.GetStringAsync(new Uri("/runs", UriKind.Relative)));
                var page = LivePage.Frame.Replace("<main></main>", $"<main>{runs}</main>");
                var phone = await Task.Run(() => Browser.Open(
                    Regex.Replace(page, "<script>.*</script>", "", RegexOptions.Singleline),
                    "return {overflow: document.documentElement.scrollWidth - innerWidth, width: innerWidth, charts: document.querySelectorAll('svg').length}", width: 390));
                Assert.Equal(390, phone.Probe.GetProperty("width").GetInt32());
                Assert.InRange(phone.Probe.GetProperty("overflow").GetInt32(), -390, 0);
                Assert.InRange(phone.Probe.GetProperty("charts").GetInt32(), 1, 100);
            }).GetAwaiter().GetResult();
            return true;
        }
    }

    [Fact]
    public void Watch_PortInUse_FailsWithOneLine()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        var outcome = Run([".", "--port", $"{port}"], default);
        Assert.StartsWith($"watch: port {port} cannot be used: ", outcome.Error);
        Assert.DoesNotContain('\n', outcome.Error);
        Assert.Equal(1, outcome.ExitCode);
    }

    [Theory, InlineData("nowhere", "nowhere: there is no such folder"), InlineData(". --port 0", "--port 0: give a whole number of 1 or more")]
    public void Watch_BadArguments_FailsWithOneLine(string arguments, string error)
    {
        var outcome = Run(arguments.Split(' '), default);
        Assert.Contains(error, outcome.Error);
        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Output));
    }

    /// <summary>Does some work while the page is served.</summary>
    private static async Task While(int port, string folder, Func<HttpClient, Task> work)
    {
        using var end = new CancellationTokenSource();
        var server = Task.Run(() => Run([folder, "--port", $"{port}"], end.Token));
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/") };
        for (var i = 0; i < 100 && !server.IsCompleted && !await IsUp(client); i++)
            await Task.Delay(50);
        await work(client);
        await end.CancelAsync();
        Assert.Equal((130, ""), (await server is var outcome ? (outcome.ExitCode, outcome.Error) : default));
    }

    private static async Task<bool> IsUp(HttpClient client)
    {
        try
        {
            return (await client.GetAsync(new Uri("/", UriKind.Relative))).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static Script.Outcome Run(string[] arguments, CancellationToken interrupt) =>
        InProcess.Run(ScriptFile.PathOf("watch"), ScriptProcess.Folder, arguments, interrupt: interrupt).Outcome;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
