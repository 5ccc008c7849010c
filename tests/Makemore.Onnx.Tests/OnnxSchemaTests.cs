using Makemore.Tests.Scripts;
using Onnx;

namespace Makemore.Tests.Onnx;

/// <summary>The classes that protocol buffers generate from ONNX's schema read what Makemore wrote without them.</summary>
public sealed class OnnxSchemaTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void File_ReadByTheSchemasClasses_HasAllFieldsAndTheCard() => ScriptModel.Of("transformer").Check(new IsWhole(_folder));

    private sealed class IsWhole(TemporaryFolder folder) : IModelCheck
    {
        public void Check<P, C>(Model<P, C> model, P p)
            where P : class
        {
            var trained = TrainedModel.Of(model, p, NameBatches.Letters);
            trained.Export(folder["model.onnx"]).Value();
            trained.Save(folder["model.safetensors"]).Value();
            var bytes = File.ReadAllBytes(folder["model.onnx"]);
            var file = ModelProto.Parser.ParseFrom(bytes);
            // No field is unknown to the schema.
            Assert.Equal(ModelProto.Parser.WithDiscardUnknownFields(true).ParseFrom(bytes), file);
            Assert.Equal(
                (OnnxFile.IrVersion, OnnxFile.Opset, "makemore"),
                (file.IrVersion, Assert.Single(file.OpsetImport).Version, file.ProducerName));
            Assert.Equal(
                trained.Card.ToMetadata().Append(KeyValuePair.Create(
                    TrainedModel<P, C>.HashName, Safetensors.ReadMetadata(folder["model.safetensors"]).Value()[Safetensors.HashName])),
                file.MetadataProps.Select(entry => KeyValuePair.Create(entry.Key, entry.Value)));
            foreach (var leaf in Tree.Leaves(p))
            {
                var tensor = Assert.Single(file.Graph.Initializer, tensor => tensor.Name == leaf.Name);
                Assert.Equal(leaf.Value.Shape.Select(size => (long)size), tensor.Dims);
                Assert.Equal(leaf.Value.Shape.Size * sizeof(float), tensor.RawData.Length);
            }
            // Protocol buffers' own text of the file.
            Assert.Contains("\"dimParam\": \"batch\"", $"{file}");
            Assert.Contains("\"opType\": \"Softmax\"", $"{file}");
        }
    }
}
