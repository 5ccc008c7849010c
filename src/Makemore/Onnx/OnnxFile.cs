using LanguageExt;
using static LanguageExt.Prelude;

namespace Makemore;

/// <summary>Models in the ONNX format, for other programs to run.</summary>
public static class OnnxFile
{
    /// <summary>The version of ONNX's operators that files use, and of the format.</summary>
    public const int Opset = 20, IrVersion = 9;

    private const string Producer = "makemore";

    /// <summary>Writes a model's forward pass: ids (B, T) of int64 to logits (B, T, V) of float32, for any B. T is the block size;
    /// a shorter sequence is followed by any tokens, because no position depends on later ones. Initializers have the names of the
    /// parameters.</summary>
    /// <param name="path">The file. A file that is there is replaced as a whole if this wrote it.</param>
    /// <param name="model">The model.</param>
    /// <param name="p">Its parameters.</param>
    /// <param name="metadata">The file's metadata.</param>
    /// <returns>Nothing, or why the model cannot be written: it computes outside tensors, or with the number of sequences; the
    /// file is not Makemore's to replace.</returns>
    public static Either<Fault, Unit> Write<P, C>(
        string path, Model<P, C> model, P p, IEnumerable<KeyValuePair<string, string>> metadata) =>
        from _ in Claim(path)
        from graph in ToGraph(model, p)
        let message = OnnxSchema.Model(IrVersion, Opset, Producer, Version, graph, metadata)
        from __ in message.Size <= int.MaxValue
            ? unit
            : (Either<Fault, Unit>)Fault.Of($"{message.Size} bytes would be needed, and an ONNX file has at most {int.MaxValue}").In(path)
        from ___ in AtomicFile.Write(path, message.Write)
        select unit;

    private static string Version => typeof(OnnxFile).Assembly.GetName().Version!.ToString(3);

    private static Either<Fault, ProtoMessage> ToGraph<P, C>(Model<P, C> model, P p) =>
        Graph.Of(model, p, model.BlockSize, Extent.Batches).Bind<ProtoMessage>(graphs =>
        {
            try
            {
                return OnnxGraph.Of(model.Name, graphs);
            }
            catch (NotWritableException e)
            {
                return Graph.NoGraph(model.Name, e.Message);
            }
        });

    /// <summary>Nothing, or that a file is there that this did not write.</summary>
    private static Either<Fault, Unit> Claim(string path) => !Path.Exists(path) ? unit : InputFile.Read<Unit>(path, stream =>
    {
        using var beginning = new MemoryStream();
        new ProtoMessage { { 1, IrVersion }, { 2, Producer } }.Write(beginning);
        var found = new byte[beginning.Length];
        var length = stream.ReadAtLeast(found, found.Length, throwOnEndOfStream: false);
        // An empty file is nobody's loss.
        return length == 0 || found.AsSpan().SequenceEqual(beginning.ToArray())
            ? unit
            : Fault.Of("Makemore did not write this file as ONNX and will not replace it; choose another name, or move it");
    });
}

/// <summary>A forward pass that no ONNX graph computes for every number of sequences.</summary>
/// <param name="message">Why.</param>
internal sealed class NotWritableException(string message) : Exception(message);
