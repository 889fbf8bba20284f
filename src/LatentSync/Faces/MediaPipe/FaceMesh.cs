using LatentSync.Imaging;

namespace LatentSync.Faces.MediaPipe;

/// <summary>Places MediaPipe's mesh of 468 points on a face.</summary>
internal sealed class FaceMesh : IDisposable
{
    private const int Size = 192;
    private const int Coordinates = 3;

    private readonly FaceNetwork _network;

    /// <summary>Loads the network.</summary>
    /// <exception cref="LipSyncException">MissingDependency or InvalidModel.</exception>
    public FaceMesh(string modelFolder) =>
        _network = new FaceNetwork(
            FaceModelFiles.Require(modelFolder, FaceModelFiles.Mesh),
            [1, RgbImage.Channels, Size, Size],
            ("landmarks", [1, FaceMeshLandmarks.Count * Coordinates]),
            ("score", [1, 1])
        );

    /// <summary>Fits the mesh to what the square shows.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="square">Where the face is.</param>
    /// <param name="points">Receives 468 points in pixels of the frame.</param>
    /// <returns>The belief that the square shows a face, 0 to 1.</returns>
    public double Fit(RgbImage frame, RotatedSquare square, Span<Point2D> points)
    {
        RotatedSquareSampler.Sample(frame, square, Size, _network.Input.Span);
        _network.Run();
        var landmarks = _network.Outputs[0].Span;
        for (var i = 0; i < FaceMeshLandmarks.Count; i++)
        {
            var (x, y) = (landmarks[i * Coordinates], landmarks[(i * Coordinates) + 1]);
            points[i] = square.ToFrame(((double)x / Size) - 0.5, ((double)y / Size) - 0.5);
        }

        return Logistic.Sigmoid(_network.Outputs[1].Data[0]);
    }

    /// <inheritdoc/>
    public void Dispose() => _network.Dispose();
}
