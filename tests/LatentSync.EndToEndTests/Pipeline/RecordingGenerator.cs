using System.Security.Cryptography;
using LatentSync.Backends;
using LatentSync.Imaging;
using LatentSync.Tensors;

namespace LatentSync.EndToEndTests.Pipeline;

/// <summary>Paints every face grey and remembers every pixel that it was shown, as a hash.</summary>
internal sealed class RecordingGenerator(int resolution) : IFaceGenerator
{
    private readonly GreyGenerator _generator = new(denoisingSteps: 1);

    public int Resolution => resolution;

    public int LongestClip => _generator.LongestClip;

    /// <summary>For each clip its length, and for each face its hash.</summary>
    public List<string> Shown { get; } = [];

    public void Generate(
        IReadOnlyList<RgbImage> faces,
        int firstFrame,
        Tensor audio,
        IReadOnlyList<Memory<float>> generated,
        Action? stepDone,
        CancellationToken cancellationToken
    )
    {
        Shown.Add(Invariant($"{faces.Count} from {firstFrame}"));
        Shown.AddRange(faces.Select(face => Convert.ToHexString(SHA256.HashData(face.Pixels))));
        _generator.Generate(faces, firstFrame, audio, generated, stepDone, cancellationToken);
    }
}
