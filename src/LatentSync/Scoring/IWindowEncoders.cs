using LatentSync.Tensors;

namespace LatentSync.Scoring;

/// <summary>Turns windows of faces and of sound into vectors of length 1 that are near each other where both fit.</summary>
internal interface IWindowEncoders : IDisposable
{
    /// <summary>16 lower halves of aligned faces each, [windows, 48, 128, 256], RGB, -1..1, to [windows, width].</summary>
    Tensor EncodeFaces(Tensor windows, CancellationToken cancellationToken);

    /// <summary>Mel spectrograms, [windows, 1, 80, 52], to [windows, width].</summary>
    Tensor EncodeSound(Tensor windows, CancellationToken cancellationToken);
}
