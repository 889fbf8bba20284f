using LatentSync.Imaging;

namespace LatentSync.Faces.MediaPipe;

/// <summary>Finds the faces of a frame with a BlazeFace network (arXiv 1907.05047).</summary>
internal sealed class BlazeFaceDetector : IDisposable
{
    private readonly BlazeFaceVariant _variant;
    private readonly FaceNetwork _network;
    private readonly AreaResizer _resizer = new();
    private readonly List<FaceDetection> _faces = [];

    /// <summary>Loads the network.</summary>
    /// <exception cref="LipSyncException">MissingDependency or InvalidModel.</exception>
    public BlazeFaceDetector(BlazeFaceVariant variant, string modelFolder)
    {
        _variant = variant;
        _network = new FaceNetwork(FaceModelFiles.Require(modelFolder, variant.FileName), variant.InputShape, variant.NamedOutputs());
    }

    /// <summary>The faces, best first, in pixels of the frame. The list is valid until the next call.</summary>
    public IReadOnlyList<FaceDetection> Detect(RgbImage frame)
    {
        var box = Letterbox.Fit(frame.Width, frame.Height, _variant.Size);
        _resizer.Resize(frame, box, _variant.Size, _network.Input.Span, _variant.Planar);
        _network.Run();
        _faces.Clear();
        for (var head = 0; head < _variant.Heads.Length; head++)
        {
            var (logits, regressors) = (_network.Outputs[head], _network.Outputs[_variant.Heads.Length + head]);
            BlazeFaceDecoder.Decode(logits.Span, regressors.Span, _variant.Heads[head], _variant.Size, box, _faces);
        }

        WeightedNonMaximumSuppression.Apply(_faces);
        return _faces;
    }

    /// <inheritdoc/>
    public void Dispose() => _network.Dispose();
}
