using Google.Protobuf;
using LatentSync.Imaging;
using LatentSync.Networks.Onnx;

namespace LatentSync.Faces.InsightFace;

/// <summary>Places InsightFace's 106 landmarks with 2d106det.onnx.</summary>
internal sealed class Landmark106Network : IDisposable
{
    /// <summary>The number of landmarks.</summary>
    public const int Count = 106;

    private const int Size = 192;
    private const double Margin = 1.5;
    private const long MaximumFileLength = 1 << 27;

    // How far into the graph the original looks for a normalisation of its own.
    private const int NormalizationNodes = 8;
    private const int BatchNormalizationNodes = 3;

    private readonly FaceNetwork _network;
    private readonly BilinearPlanes _planes;
    private readonly PixelNormalization _normalization;

    /// <summary>Loads the network.</summary>
    /// <exception cref="LipSyncException">InvalidModel.</exception>
    public Landmark106Network(string path, InsightFaceChannelOrder order)
    {
        _normalization = ReadNormalization(path);
        _network = new FaceNetwork(path, [1, RgbImage.Channels, Size, Size], (string.Empty, [1, 2 * Count]));
        _planes = new BilinearPlanes(order);
    }

    /// <summary>Writes the 106 landmarks of the face in <paramref name="box"/>, in pixels of the frame.</summary>
    /// <exception cref="LipSyncException">InferenceFailed.</exception>
    public void Fit(RgbImage frame, FaceBox box, Span<Point2D> points)
    {
        var scale = Size / (Margin * Math.Max(box.Width, box.Height));
        _planes.Crop(frame, box.Center, scale, Size, _normalization, _network.Input.Span);
        _network.Run();
        if (!Array.TrueForAll(_network.Outputs[0].Data, float.IsFinite))
        {
            throw new LipSyncException(
                LipSyncErrorCode.InferenceFailed,
                $"The InsightFace landmark model gave NaN or infinite values; put the unchanged 2d106det.onnx of the buffalo_l package in its folder."
            );
        }

        Decode(_network.Outputs[0].Span, box.Center, scale, points);
    }

    /// <inheritdoc/>
    public void Dispose() => _network.Dispose();

    /// <summary>Takes the output, x and y of each point from -1 to 1 over the crop, to the frame.</summary>
    internal static void Decode(ReadOnlySpan<float> output, Point2D center, double scale, Span<Point2D> points)
    {
        const double Half = Size / 2.0;
        for (var i = 0; i < Count; i++)
        {
            points[i] = new Point2D((output[2 * i] * Half / scale) + center.X, (output[(2 * i) + 1] * Half / scale) + center.Y);
        }
    }

    /// <summary>Whether the graph normalises by itself, judged by the names of its first nodes, as the original does.</summary>
    internal static PixelNormalization FindNormalization(GraphProto graph)
    {
        var names = graph.Node.Take(NormalizationNodes).Select(node => node.Name).ToArray();
        var subtracts = Array.Exists(names, name => name.StartsWith("Sub", StringComparison.Ordinal) || name.StartsWith("_minus", StringComparison.Ordinal));
        var multiplies = Array.Exists(names, name => name.StartsWith("Mul", StringComparison.Ordinal) || name.StartsWith("_mul", StringComparison.Ordinal));
        return (subtracts && multiplies) || names.Take(BatchNormalizationNodes).Contains("bn_data", StringComparer.Ordinal)
            ? PixelNormalization.None
            : PixelNormalization.Centered;
    }

    private static PixelNormalization ReadNormalization(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return file.Length <= MaximumFileLength
                ? FindNormalization(ModelProto.Parser.ParseFrom(file).Graph ?? throw Unreadable(null))
                : throw Unreadable(null);
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or IOException or UnauthorizedAccessException)
        {
            throw Unreadable(exception);
        }

        LipSyncException Unreadable(Exception? exception) =>
            new(LipSyncErrorCode.InvalidModel, $"The InsightFace model \"{path}\" cannot be read; put the file of the buffalo_l package there.", exception)
            {
                Path = path,
            };
    }
}
