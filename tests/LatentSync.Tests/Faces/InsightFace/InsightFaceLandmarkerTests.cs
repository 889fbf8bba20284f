using Google.Protobuf;
using LatentSync.Faces;
using LatentSync.Faces.InsightFace;
using LatentSync.Imaging;
using LatentSync.Networks.Onnx;
using LatentSync.TestKit;

namespace LatentSync.Tests.Faces.InsightFace;

/// <summary>The real models cannot be had: made-up networks whose outputs are constants stand in for them.</summary>
public sealed class InsightFaceLandmarkerTests : IDisposable
{
    private const int Cells = 64;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Find_ReturnsThePointsOfTheLargestFace()
    {
        // Boxes in pixels of the 512 input; the frame is twice as large. Cell (32, 32) has its corner at (256, 256).
        WriteDetector((32, 32, 0.9f, [5, 5, 5, 7]), (8, 8, 0.95f, [3, 2, 2, 4]));
        var output = new float[2 * Landmark106Network.Count];
        (output[2 * 43], output[(2 * 43) + 1]) = (0.5f, -0.25f);
        WriteLandmarks(output);
        using var landmarker = new InsightFaceLandmarker(_folder.Path, InsightFaceChannelOrder.Bgr, roundToPixels: false);

        var face = landmarker.Find(TestFrames.Noise(1024, 1024, seed: 1));

        Assert.NotNull(face);
        Assert.Equal(new FaceBox(432, 432, 592, 624), face.Box);
        Assert.Equal(0.9, face.Score, 1e-6);

        // The crop is 1.5 * 192 = 288 pixels around (512, 528); one of five brow points is half of its half to the right.
        Assert.Equal(512 + (0.5 * 144 / 5), face.LeftBrow.X, 1e-6);
        Assert.Equal(528 - (0.25 * 144 / 5), face.LeftBrow.Y, 1e-6);
        Assert.Equal(new Point2D(512, 528), face.Nose);
    }

    [Fact]
    public void Detect_GivesFacesOfUsableSize_AndCountsTheOthers()
    {
        WriteDetector((8, 8, 0.9f, [1, 1, 1, 1]), (32, 32, 0.8f, [5, 5, 5, 7]), (50, 50, 0.95f, [5, 5, 5, 7]));
        WriteLandmarks(new float[2 * Landmark106Network.Count]);
        using var landmarker = new InsightFaceLandmarker(_folder.Path, InsightFaceChannelOrder.Rgb, roundToPixels: false);
        var frame = TestFrames.Noise(1024, 1024, seed: 1);
        Assert.Equal([new FaceBox(720, 720, 880, 912), new FaceBox(432, 432, 592, 624)], landmarker.Detect(frame));
        Assert.Equal(1, landmarker.SmallFaces);
        var face = landmarker.Fit(frame, 1)!;
        Assert.Equal((new FaceBox(432, 432, 592, 624), 0.8), (face.Box, Math.Round(face.Score, 6)));
        Assert.Equal(new Point2D(512, 528), face.Nose);
        Assert.Equal(face, landmarker.FitNew(frame, 1));
        Assert.Null(landmarker.FindNear(frame, face));
        landmarker.Reset();
        Assert.Equal(2, landmarker.Detect(frame).Count);
        Assert.Equal(2, landmarker.SmallFaces);
    }

    [Fact]
    public void Detect_GivesEightFacesAtMost()
    {
        WriteDetector([.. Enumerable.Range(0, 9).Select(i => (8 + (24 * (i % 3)), 8 + (24 * (i / 3)), 0.5f + (0.05f * i), new float[] { 5, 5, 5, 7 }))]);
        WriteLandmarks(new float[2 * Landmark106Network.Count]);
        using var landmarker = new InsightFaceLandmarker(_folder.Path, InsightFaceChannelOrder.Rgb, roundToPixels: false);
        Assert.Equal(IFaceLandmarker.MaximumFaces, landmarker.Detect(TestFrames.Noise(1024, 1024, seed: 1)).Count);
        Assert.Equal(0, landmarker.SmallFaces);
    }

    [Fact]
    public void WhatAScoutSaw_IsAnsweredAlike()
    {
        WriteDetector((8, 8, 0.9f, [1, 1, 1, 1]), (32, 32, 0.8f, [5, 5, 5, 7]), (50, 50, 0.95f, [5, 5, 5, 7]));
        var output = new float[2 * Landmark106Network.Count];
        (output[2 * 43], output[(2 * 43) + 1]) = (0.5f, -0.25f);
        WriteLandmarks(output);
        var frame = TestFrames.Noise(1024, 1024, seed: 1);
        using var alone = new InsightFaceLandmarker(_folder.Path, InsightFaceChannelOrder.Rgb, roundToPixels: true);
        using var helped = new InsightFaceLandmarker(_folder.Path, InsightFaceChannelOrder.Rgb, roundToPixels: true);
        using var scout = helped.CreateScout();
        scout.Look(frame);
        Assert.Equal(alone.Detect(frame), helped.Detect(frame));
        Assert.Equal((alone.Fit(frame, 0), alone.FitNew(frame, 1)), (helped.Fit(frame, 0), helped.FitNew(frame, 1)));
        scout.Look(frame);
        Assert.Equal((alone.Find(frame), 1), (helped.Find(frame), helped.SmallFaces));
    }

    /// <summary>Half of the faces that were looked at have to be turned.</summary>
    [Fact]
    public void Fit_OfAFaceThatIsNotUpright_IsNull_AndCounted()
    {
        WriteDetector((32, 32, 0.8f, [5, 5, 5, 7]));
        var upright = new float[2 * Landmark106Network.Count];
        foreach (var brow in (int[])[101, 102, 103, 104, 105])
        {
            upright[2 * brow] = 0.5f;
        }

        var turned = new float[upright.Length];
        foreach (var brow in (int[])[101, 102, 103, 104, 105])
        {
            turned[(2 * brow) + 1] = 0.5f;
        }

        var frame = TestFrames.Noise(1024, 1024, seed: 1);
        WriteLandmarks(turned);
        using (var landmarker = new InsightFaceLandmarker(_folder.Path, InsightFaceChannelOrder.Rgb, roundToPixels: false))
        {
            Assert.False(landmarker.SeesTurnedFaces);
            landmarker.Detect(frame);
            Assert.Null(landmarker.Fit(frame, 0));
            Assert.True(landmarker.SeesTurnedFaces);
        }

        WriteLandmarks(upright);
        using var other = new InsightFaceLandmarker(_folder.Path, InsightFaceChannelOrder.Rgb, roundToPixels: false);
        other.Detect(frame);
        Assert.NotNull(other.Fit(frame, 0));
        Assert.False(other.SeesTurnedFaces);
    }

    /// <summary>The tip of the nose lies a quarter of the way between the corners of the eyes beside their middle.</summary>
    [Fact]
    public void Find_TellsHowFarTheFaceIsTurned()
    {
        WriteDetector((32, 32, 0.9f, [5, 5, 5, 7]));
        var output = new float[2 * Landmark106Network.Count];
        (output[2 * 35], output[2 * 93], output[2 * 86]) = (-0.5f, 0.5f, 0.25f);
        WriteLandmarks(output);
        using var landmarker = new InsightFaceLandmarker(_folder.Path, InsightFaceChannelOrder.Bgr, roundToPixels: false);
        Assert.Equal(0.25, landmarker.Find(TestFrames.Noise(1024, 1024, seed: 1))!.Turn, 1e-6);
    }

    [Fact]
    public void SelectLargest_ComparesWholePixels_AndTakesTheFirstOfEquals()
    {
        ScoredBox small = new(new FaceBox(0, 0, 100, 100), 0.6),
            large = new(new FaceBox(0.9, 0.9, 120.9, 120.9), 0.7),
            equal = new(new FaceBox(0, 0, 120, 120), 0.8),
            tiny = new(new FaceBox(0, 0, 49.9, 400), 0.9);
        Assert.Equal(large, InsightFaceLandmarker.SelectLargest([small, large, equal, tiny]));
        Assert.Equal(equal, InsightFaceLandmarker.SelectLargest([equal, large]));
        Assert.Null(InsightFaceLandmarker.SelectLargest([tiny]));
    }

    [Fact]
    public void Find_WithoutAFaceOfUsableSize_IsNull()
    {
        WriteDetector((8, 8, 0.95f, [1, 1, 1, 1]));
        WriteLandmarks(new float[2 * Landmark106Network.Count]);
        using var landmarker = new InsightFaceLandmarker(_folder.Path, InsightFaceChannelOrder.Rgb, roundToPixels: true);
        Assert.Null(landmarker.Find(TestFrames.Noise(1024, 1024, seed: 1)));
        Assert.Null(landmarker.Find(TestFrames.Noise(1, 1, seed: 1)));
    }

    [Fact]
    public void Find_WithLandmarksThatAreNotNumbers_SaysSo()
    {
        WriteDetector((32, 32, 0.9f, [5, 5, 5, 7]));
        WriteLandmarks([.. Enumerable.Repeat(float.NaN, 2 * Landmark106Network.Count)]);
        using var landmarker = new InsightFaceLandmarker(_folder.Path, InsightFaceChannelOrder.Rgb, roundToPixels: true);
        var error = Assert.Throws<LipSyncException>(() => landmarker.Find(TestFrames.Noise(1024, 1024, seed: 1)));
        Assert.Equal(LipSyncErrorCode.InferenceFailed, error.Code);
    }

    [Fact]
    public void Constructor_WithMissingOrWrongFiles_SaysSo()
    {
        WriteDetector((32, 32, 0.9f, [5, 5, 5, 7]));
        var missing = Assert.Throws<LipSyncException>(() => new InsightFaceLandmarker(_folder.Path, InsightFaceChannelOrder.Rgb, roundToPixels: true));
        Assert.Equal(LipSyncErrorCode.InvalidModel, missing.Code);
        Assert.Contains("2d106det.onnx", missing.Message, StringComparison.Ordinal);

        File.WriteAllText(_folder.File("2d106det.onnx"), "<!DOCTYPE html>");
        Assert.Equal(
            LipSyncErrorCode.InvalidModel,
            Assert.Throws<LipSyncException>(() => new InsightFaceLandmarker(_folder.Path, InsightFaceChannelOrder.Rgb, roundToPixels: true)).Code
        );

        File.Copy(_folder.File("det_10g.onnx"), _folder.File("2d106det.onnx"), overwrite: true);
        Assert.Equal(
            LipSyncErrorCode.InvalidModel,
            Assert.Throws<LipSyncException>(() => new InsightFaceLandmarker(_folder.Path, InsightFaceChannelOrder.Rgb, roundToPixels: true)).Code
        );
    }

    [Fact]
    public void Reduce_WithRounding_RoundsPointsThenMeansHalvesToEven()
    {
        var points = new Point2D[Landmark106Network.Count];
        points[74] = new Point2D(10.5, 3.4);
        points[77] = new Point2D(11.5, 3.4);
        var face = InsightFaceNetworks.Reduce(new ScoredBox(new FaceBox(1.9, 2.9, 99.9, 199.9), 1), points, round: true);
        Assert.Equal(new FaceBox(1, 2, 99, 199), face.Box);
        Assert.Equal(new Point2D(6, 2), face.Nose); // (10 + 12) / 4 = 5.5, (3 + 3) / 4 = 1.5
    }

    [Theory]
    [InlineData("_minusscalar0 _mulscalar0 conv", 0)]
    [InlineData("Sub Mul", 0)]
    [InlineData("id id2 bn_data", 0)]
    [InlineData("id id2 id3 bn_data", 127.5)]
    [InlineData("Sub conv", 127.5)]
    [InlineData("", 127.5)]
    public void FindNormalization_LooksAtTheFirstNodes(string names, float mean)
    {
        var graph = new GraphProto();
        graph.Node.AddRange(names.Split(' ').Select(name => new NodeProto { Name = name }));
        Assert.Equal(mean, Landmark106Network.FindNormalization(graph).Mean);
    }

    private void WriteDetector(params (int Column, int Row, float Score, float[] Distances)[] faces)
    {
        var outputs = new List<(float[] Values, int Rows, int Columns)>();
        foreach (var columns in (int[])[1, 4, 10])
        {
            outputs.AddRange(
                ((int[])[8, 16, 32]).Select(stride => (new float[512 / stride * (512 / stride) * 2 * columns], 512 / stride * (512 / stride) * 2, columns))
            );
        }

        foreach (var (column, row, score, distances) in faces)
        {
            var anchor = ((row * Cells) + column) * 2;
            outputs[0].Values[anchor] = score;
            distances.CopyTo(outputs[3].Values, anchor * 4);
        }

        WriteModel("det_10g.onnx", 512, outputs);
    }

    private void WriteLandmarks(float[] output) => WriteModel("2d106det.onnx", 192, [(output, 1, output.Length)]);

    private void WriteModel(string file, int size, List<(float[] Values, int Rows, int Columns)> outputs)
    {
        var graph = new GraphProto { Name = "constants" };
        var writer = new OnnxGraphWriter(graph);
        graph.Input.Add(OnnxGraphWriter.Value("input", 1, 3, size, size));
        for (var i = 0; i < outputs.Count; i++)
        {
            var (values, rows, columns) = outputs[i];
            writer.Node("Identity", Invariant($"output{i}"), [writer.Constant(Invariant($"value{i}"), values, rows, columns)]);
            graph.Output.Add(OnnxGraphWriter.Value(Invariant($"output{i}"), rows, columns));
        }

        var model = new ModelProto
        {
            IrVersion = 7,
            Graph = graph,
            OpsetImport = { new OperatorSetIdProto { Version = 13 } },
        };
        File.WriteAllBytes(_folder.File(file), model.ToByteArray());
    }
}
