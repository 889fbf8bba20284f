using LatentSync.Imaging;

namespace LatentSync.Faces.InsightFace;

/// <summary>Finds the faces of a frame with InsightFace's det_10g.onnx.</summary>
internal sealed class ScrfdDetector : IDisposable
{
    private const int Size = 512;
    private const int KeyPointLength = 10;

    private static readonly int[] Strides = [8, 16, 32];

    private readonly FaceNetwork _network;
    private readonly BilinearPlanes _planes;
    private readonly List<ScoredBox> _faces = [];

    /// <summary>Loads the network.</summary>
    /// <exception cref="LipSyncException">InvalidModel.</exception>
    public ScrfdDetector(string path, InsightFaceChannelOrder order)
    {
        _network = new FaceNetwork(path, [1, RgbImage.Channels, Size, Size], [.. Outputs(1), .. Outputs(ScrfdDecoder.BoxLength), .. Outputs(KeyPointLength)]);
        _planes = new BilinearPlanes(order);
    }

    /// <summary>The faces, best first, in pixels of the frame. The list is valid until the next call.</summary>
    public IReadOnlyList<ScoredBox> Detect(RgbImage frame)
    {
        var (width, height) = Fit(frame.Width, frame.Height);
        _planes.Resize(frame, width, height, Size, PixelNormalization.Centered, _network.Input.Span);
        _network.Run();
        _faces.Clear();
        for (var i = 0; i < Strides.Length; i++)
        {
            var (scores, distances) = (_network.Outputs[i], _network.Outputs[Strides.Length + i]);
            ScrfdDecoder.Decode(scores.Span, distances.Span, Strides[i], Size, (double)height / frame.Height, _faces);
        }

        ScrfdDecoder.Suppress(_faces);
        return _faces;
    }

    /// <inheritdoc/>
    public void Dispose() => _network.Dispose();

    /// <summary>The frame's size in the square; the shorter side is cut to whole pixels, as the original does.</summary>
    internal static (int Width, int Height) Fit(int width, int height)
    {
        var aspect = (double)height / width;
        return aspect > 1 ? (Math.Max((int)(Size / aspect), 1), Size) : (Size, Math.Max((int)(Size * aspect), 1));
    }

    private static IEnumerable<(string Name, int[] Shape)> Outputs(int columns) =>
        Strides.Select(stride => (string.Empty, new[] { Size / stride * (Size / stride) * ScrfdDecoder.AnchorsPerCell, columns }));
}
