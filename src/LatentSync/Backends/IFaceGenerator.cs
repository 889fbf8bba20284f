using LatentSync.Imaging;
using LatentSync.Tensors;

namespace LatentSync.Backends;

/// <summary>Paints new mouths into the aligned faces of a clip. One call at a time, all of a video from one thread.</summary>
internal interface IFaceGenerator
{
    /// <summary>Width and height of the faces it takes.</summary>
    int Resolution { get; }

    /// <summary>The most frames that can be generated at once.</summary>
    int LongestClip { get; }

    /// <summary>Generates one clip.</summary>
    /// <param name="faces">Up to <see cref="LongestClip"/> consecutive aligned faces of one person, each <see cref="Resolution"/> pixels square.</param>
    /// <param name="firstFrame">Number of the first of them in the result.</param>
    /// <param name="audio">[frames, tokens, width]: audio tokens of the same frames.</param>
    /// <param name="generated">
    /// As many faces [3, resolution, resolution], which are filled: RGB, about -1..1; outside the mask equal to the faces.
    /// They are the caller's, as the faces are: nothing may touch them after the call.
    /// </param>
    /// <param name="stepDone">Called after each denoising step of this clip.</param>
    /// <param name="cancellationToken">Stops within a second.</param>
    void Generate(
        IReadOnlyList<RgbImage> faces,
        int firstFrame,
        Tensor audio,
        IReadOnlyList<Memory<float>> generated,
        Action? stepDone,
        CancellationToken cancellationToken
    );
}
