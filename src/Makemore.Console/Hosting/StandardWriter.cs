using System.Text;

namespace Makemore;

/// <summary>A standard stream that may be closed or full.</summary>
/// <param name="open">Opens it.</param>
/// <param name="onFailure">Takes the reason of the first failure; later ones are ignored.</param>
internal sealed class StandardWriter(Func<TextWriter> open, Action<string> onFailure) : TextWriter
{
    private readonly Lazy<TextWriter> _stream = new(open);
    private bool _hasFailed;

    /// <inheritdoc/>
    public override Encoding Encoding => Encoding.UTF8;

    /// <inheritdoc/>
    public override void Write(char value) => Try(stream => stream.Write(value));

    /// <inheritdoc/>
    public override void Write(string? value) => Try(stream => stream.Write(value));

    /// <inheritdoc/>
    public override void WriteLine(string? value) => Try(stream => stream.WriteLine(value));

    /// <inheritdoc/>
    public override void Flush() => Try(stream => stream.Flush());

    private void Try(Action<TextWriter> work)
    {
        if (_hasFailed)
            return;
        try
        {
            work(_stream.Value);
        }
        // Unauthorized is what the framework calls a closed stream.
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            _hasFailed = true;
            onFailure(failure is IOException ? failure.Message.Split(" : '")[0] : "it is closed");
        }
    }
}
