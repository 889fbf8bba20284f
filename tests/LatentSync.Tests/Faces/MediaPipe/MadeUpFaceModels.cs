using LatentSync.Faces.MediaPipe;
using LatentSync.Imaging;
using LatentSync.TestKit;

namespace LatentSync.Tests.Faces.MediaPipe;

/// <summary>
/// Networks that see a face wherever a frame of 256 x 256 is white: detectors look at the sites that a test names, the mesh at
/// the middle of its square, and always finds the same upright face there, as tall as the detector's box.
/// </summary>
internal sealed class MadeUpFaceModels : IDisposable
{
    public const int Size = 256;

    private const int MeshSize = 192;

    private readonly TemporaryFolder _folder = new();
    private readonly List<(Site Site, bool IsFallback)> _sites = [];
    private readonly List<(int Point, Point2D At)> _moved = [];

    /// <summary>The mesh's score, as a logit, where the middle of its square is white.</summary>
    public float MeshLogit { get; init; } = 9;

    /// <summary>Lets the detector see faces at a place.</summary>
    public MadeUpFaceModels See(int x, int y, int height, float logit = 5, double eyesOff = 0)
    {
        _sites.Add((new Site(x, y, height, logit, eyesOff), IsFallback: false));
        return this;
    }

    /// <summary>Lets only the second detector see faces at a place.</summary>
    public MadeUpFaceModels SeeSecond(int x, int y, int height)
    {
        _sites.Add((new Site(x, y, height, Logit: 5, EyesOff: 0), IsFallback: true));
        return this;
    }

    /// <summary>Puts a point of the mesh elsewhere in its square of 192 x 192.</summary>
    public MadeUpFaceModels Move(int point, double x, double y)
    {
        _moved.Add((point, new Point2D(x, y)));
        return this;
    }

    public MediaPipeFaceLandmarker Landmarker(bool roundToPixels = false)
    {
        WriteAll();
        return new MediaPipeFaceLandmarker(_folder.Path, roundToPixels);
    }

    public BlazeFaceDetector Detector(bool isFallback = false)
    {
        WriteAll();
        return new BlazeFaceDetector(isFallback ? BlazeFaceVariant.FullRange : BlazeFaceVariant.Back, _folder.Path);
    }

    public FaceMesh Mesh()
    {
        WriteAll();
        return new FaceMesh(_folder.Path);
    }

    /// <summary>A black frame with white at some places.</summary>
    public static RgbImage Frame(params ReadOnlySpan<(int X, int Y)> faces) => FrameOf(Size, Size, faces);

    public static RgbImage FrameOf(int width, int height, params ReadOnlySpan<(int X, int Y)> faces)
    {
        const int radius = 5;
        var frame = new RgbImage(width, height);
        foreach (var (x, y) in faces)
        {
            for (var row = y - radius; row <= y + radius; row++)
            {
                frame.Row(row)[((x - radius) * RgbImage.Channels)..((x + radius + 1) * RgbImage.Channels)].Fill(byte.MaxValue);
            }
        }

        return frame;
    }

    public void Dispose() => _folder.Dispose();

    private void WriteAll()
    {
        WriteDetector(BlazeFaceVariant.Back, isFallback: false);
        WriteDetector(BlazeFaceVariant.FullRange, isFallback: true);
        WriteMesh();
    }

    private void WriteDetector(BlazeFaceVariant variant, bool isFallback)
    {
        var network = new MadeUpNetwork(variant.InputShape);
        var outputs = Array.ConvertAll(variant.NamedOutputs(), output => network.Add(output.Name, output.Shape));
        foreach (var logits in outputs[..variant.Heads.Length])
        {
            Array.Fill(logits, -9);
        }

        var (grid, perCell) = variant.Heads[0];
        var (cell, scale) = ((double)variant.Size / grid, (double)variant.Size / Size);
        foreach (var (index, (site, _)) in _sites.Where(known => known.IsFallback == isFallback).Index())
        {
            var (x, y, height) = (site.X * scale, site.Y * scale, site.Height * scale);
            var anchor = index * perCell;
            var (anchorX, anchorY) = (((index % grid) + 0.5) * cell, ((index / grid) + 0.5) * cell);
            double[] values =
            [
                x - anchorX,
                y - anchorY,
                height * 100 / 128,
                height,
                x - (height * 0.15625) + (height * site.EyesOff) - anchorX,
                y - (height * 0.203125) - anchorY,
                x + (height * 0.15625) + (height * site.EyesOff) - anchorX,
                y - (height * 0.203125) - anchorY,
            ];
            Array.ConvertAll(values, value => (float)value).CopyTo(outputs[variant.Heads.Length], anchor * BlazeFaceVariant.RegressorLength);

            // From -1 for black to 1 for white.
            var (column, row) = ((int)x, (int)y);
            var place = (row * variant.Size) + column;
            outputs[0][anchor] = (site.Logit - 9) / 2;
            network.Watch(variant.Outputs[0], anchor, variant.Planar ? place : place * RgbImage.Channels, (site.Logit + 9) / 2);
        }

        network.Write(_folder.File(variant.FileName));
    }

    private void WriteMesh()
    {
        var points = new Point2D[FaceMeshLandmarks.Count];
        Array.Fill(points, new Point2D(96, 96));
        Set(new Point2D(46, 32), 0);
        Set(new Point2D(146, 160), 1);
        Set(new Point2D(66, 70), 33);
        Set(new Point2D(86, 70), 133);
        Set(new Point2D(106, 70), 362);
        Set(new Point2D(126, 70), 263);
        Set(new Point2D(70, 60), 71, 63, 105, 66, 107);
        Set(new Point2D(122, 60), 336, 296, 334, 293, 301);
        Set(new Point2D(96, 100), 168, 197, 5, 4, 75, 97, 2, 326, 305);
        foreach (var (point, at) in _moved)
        {
            points[point] = at;
        }

        var network = new MadeUpNetwork(1, RgbImage.Channels, MeshSize, MeshSize);
        var landmarks = network.Add("landmarks", 1, FaceMeshLandmarks.Count * 3);
        for (var i = 0; i < points.Length; i++)
        {
            (landmarks[3 * i], landmarks[(3 * i) + 1]) = ((float)points[i].X, (float)points[i].Y);
        }

        network.Add("score", 1, 1)[0] = -9;
        network.Watch("score", element: 0, (96 * MeshSize) + 96, MeshLogit + 9);
        network.Write(_folder.File(FaceModelFiles.Mesh));

        void Set(Point2D at, params ReadOnlySpan<int> indices)
        {
            foreach (var index in indices)
            {
                points[index] = at;
            }
        }
    }

    private sealed record Site(int X, int Y, int Height, float Logit, double EyesOff);
}
