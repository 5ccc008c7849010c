using System.Diagnostics;
using System.Globalization;

namespace Makemore.Tests.Scripts;

/// <summary>Two hosts on this machine, which reach each other over a cable only: two network namespaces of Linux and a pair of virtual
/// network devices.</summary>
internal sealed class TwoHosts : IDisposable
{
    /// <summary>The program that starts others on a host, given <see cref="OnFirst"/>.</summary>
    public const string Program = "ip";

    private const string Device = "cable";
    private static readonly string[] Addresses = ["10.77.0.1", "10.77.0.2"];

    private readonly TemporaryFolder _folder = new();
    private readonly string _agent;

    private TwoHosts()
    {
        // Starts a command on the second host as ssh would: after options and a host.
        _agent = _folder.Write("agent", $"""
            #!/bin/sh
            while case $1 in -*) true ;; *) false ;; esac; do shift; done
            shift
            exec {Program} netns exec {Name(1)} sh -c "$*"

            """);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_agent, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    /// <summary>Makes them; the test is skipped where that is not possible.</summary>
    public static TwoHosts OrSkip()
    {
        var hosts = new TwoHosts();
        if (Make() is not { } reason)
            return hosts;
        hosts.Dispose();
        Assert.Skip($"network namespaces cannot be made: {reason}");
        return hosts;
    }

    /// <summary>The arguments before a command of the first host.</summary>
    public static string[] OnFirst { get; } = ["netns", "exec", Name(0)];

    /// <summary>The options of Open MPI's mpirun that place a process on each, and have them talk by TCP: they could share memory.</summary>
    public string[] Placement =>
        ["-H", $"{Addresses[0]}:1,{Addresses[1]}:1", "--mca", "plm_rsh_agent", _agent, "--mca", "pml", "ob1", "--mca", "btl", "tcp,self"];

    /// <summary>The number of bytes that the first host has received.</summary>
    public static long Received => long.Parse(
        Run([.. OnFirst, "cat", $"/sys/class/net/{Device}/statistics/rx_bytes"]).Output, CultureInfo.InvariantCulture);

    /// <summary>Removes them. The device is removed with its namespace.</summary>
    public void Dispose()
    {
        Run("netns", "delete", Name(0));
        Run("netns", "delete", Name(1));
        _folder.Dispose();
    }

    /// <summary>Null, or why they cannot be made.</summary>
    private static string? Make()
    {
        string[] commands =
        [
            $"netns add {Name(0)}", $"netns add {Name(1)}", $"link add {Device} netns {Name(0)} type veth peer name {Device} netns {Name(1)}",
            .. from host in Enumerable.Range(0, Addresses.Length)
               from command in new[] { $"address add {Addresses[host]}/24 dev {Device}", "link set lo up", $"link set {Device} up" }
               select $"-n {Name(host)} {command}",
        ];
        return commands.Select(command => Run(command.Split(' ')).Error).FirstOrDefault(error => error.Length > 0);
    }

    private static string Name(int host) => $"makemore-{Environment.ProcessId}-{host}";

    private static (string Output, string Error) Run(params string[] words)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(Program, words) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEnd());
            process.WaitForExit();
            return (output.Result, error.Trim());
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return ("", e.Message);
        }
    }
}
