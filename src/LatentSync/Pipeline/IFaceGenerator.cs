using LatentSync.Imaging;
using LatentSync.Tensors;

namespace LatentSync.Pipeline;

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
    /// <param name="stepDone">Called after each denoising step of this clip.</param>
    /// <param name="cancellationToken">Stops within a second.</param>
    /// <returns>
    /// [frames, 3, resolution, resolution], RGB, about -1..1; outside the mask equal to the faces. The caller keeps it: while
    /// the clip is pasted the next ones are generated, so no later call may write into it. The faces are the caller's again.
    /// </returns>
    Tensor Generate(IReadOnlyList<RgbImage> faces, int firstFrame, Tensor audio, Action? stepDone, CancellationToken cancellationToken);
}
