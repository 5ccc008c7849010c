using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

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

    [BrowserFact]
    public async Task Watch_InABrowser_ShowsTwoRunsWithoutErrorsOrOtherRequests()
    {
        var (port, first, second) = (FreePort(), ScriptRun.Run("mlp", "--max-steps", "8"), ScriptRun.Run("rnn", "--max-steps", "12"));
        await While(port, "runs", async client =>
        {
            var (dom, messages, requests) = await Task.Run(() => Browser.Visit(client.BaseAddress!));
            Assert.Empty(messages);
            Assert.Contains(first.WorkDir, dom);
            Assert.Contains(second.WorkDir, dom);
            Assert.Contains("<svg", dom);
            Assert.All(requests, request => Assert.True(
                request.StartsWith($"http://127.0.0.1:{port}/", StringComparison.Ordinal) || request.StartsWith("data:", StringComparison.Ordinal), request));
        });
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
