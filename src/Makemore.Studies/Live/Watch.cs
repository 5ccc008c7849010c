using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using LanguageExt;

namespace Makemore;

/// <summary>A page that shows runs while they train: their losses and samples, in a browser on this machine.</summary>
public static class Watch
{
    private const string Name = "watch", Description = "Shows runs in a browser while they train.";

    // Only programs on this machine can connect, and a page of another site cannot pass for it: its Host is another.
    private const string Address = "http://127.0.0.1";

    private static readonly System.CommandLine.Argument<string[]> Folders = new("folders")
    {
        Arity = System.CommandLine.ArgumentArity.ZeroOrMore,
        Description = "work dirs of runs, or folders that have some, such as out",
    };

    /// <summary>Serves the page until Ctrl-C.</summary>
    /// <param name="arguments">The script's <c>Args</c>.</param>
    /// <param name="script">The path of the script; the compiler passes it.</param>
    /// <returns>The script's exit code; errors are printed on one line each.</returns>
    public static int Show(IEnumerable<string> arguments, [CallerFilePath] string script = "")
    {
        var shell = Shell.Of(arguments);
        return shell.Run(
            Name, script, Description, OptionEntry.Of(new WatchOptions()), arguments, Folders, line => Show(line, shell));
    }

    private static Either<Fault, int> Show(CommandLine line, Shell shell)
    {
        string[] folders = line.Operands.IsEmpty ? ["out"] : [.. line.Operands];
        return
            from _ in folders.FirstOrDefault(folder => !Directory.Exists(folder)) is { } missing
                ? Fault.Of($"{missing}: there is no such folder")
                : (Either<Fault, Unit>)Unit.Default
            from done in Serve(folders, line.To<WatchOptions>().Port, shell)
            select done;
    }

    private static Either<Fault, int> Serve(string[] folders, int port, Shell shell)
    {
        using var listener = new HttpListener();
        listener.Prefixes.Add($"{Address}:{port}/");
        try
        {
            listener.Start();
        }
        catch (HttpListenerException e)
        {
            return Fault.Of($"port {port} cannot be used: {e.Message}; choose another with --port");
        }
        shell.Out.WriteLine($"{Address}:{port}/ shows the runs in {string.Join(' ', folders)}; Ctrl-C ends it");
        shell.Out.Flush();
        using var interruption = shell.Interrupts();
        using var ending = interruption.Token.Register(listener.Abort);
        while (!interruption.Token.IsCancellationRequested)
            try
            {
                Answer(listener.GetContext(), folders);
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                // The browser left, or Ctrl-C ended it.
            }
        return interruption.ExitCode;
    }

    private static void Answer(HttpListenerContext context, string[] folders)
    {
        var (path, response) = (context.Request.Url?.AbsolutePath, context.Response);
        response.Headers["Cache-Control"] = "no-store";
        response.Headers["X-Content-Type-Options"] = "nosniff";
        response.ContentType = "text/html; charset=utf-8";
        var isKnown = context.Request.HttpMethod == "GET" && path is "/" or "/runs";
        response.StatusCode = isKnown ? 200 : 404;
        response.Close(Encoding.UTF8.GetBytes(!isKnown ? "" : path == "/" ? LivePage.Frame : LiveRuns.Read(folders).ToHtml()), willBlock: true);
    }
}
