using LatentSync.Tensors;

namespace LatentSync.Diffusion;

/// <summary>
/// The noise that the clips of a video start from: one frame of noise for the whole video, as LatentSync draws it, or a
/// mixture of it with noise of each frame's own. Training mixes both (the configuration's <c>use_mixed_noise</c>); a network
/// that saw clips with shared noise alone as well takes equal noise in all frames as a sign that nothing moves.
/// </summary>
/// <param name="shared">[4, height, width]: the noise of the video, mean 0, variance 1.</param>
/// <param name="seed">Seed of the frames' own noise.</param>
/// <param name="frameShare">The frames' own share of the variance, 0 to 1; 0 is the public sampler.</param>
internal sealed class ClipNoise(Tensor shared, ulong seed, double frameShare)
{
    // Frame 0 of the generator is the shared noise.
    private const ulong FirstOwnFrame = 1;

    private readonly TensorBuffer _buffer = new();

    /// <summary>The noise of a clip. That of a frame does not depend on the clips that a video is cut into.</summary>
    /// <param name="firstFrame">Number of the clip's first frame in the result.</param>
    /// <param name="frames">Frames of the clip.</param>
    /// <returns>[frames, 4, height, width], mean 0, variance 1; another clip of the same length is written over it.</returns>
    public Tensor Draw(int firstFrame, int frames)
    {
        var noise = _buffer.Get([frames, .. shared.Shape]);
        for (var frame = 0; frame < frames; frame++)
        {
            var row = noise.Row(frame);
            shared.Span.CopyTo(row);
            if (frameShare > 0)
            {
                var own = FrameNoise.Draw(seed, FirstOwnFrame + (ulong)(firstFrame + frame), [.. shared.Shape]);
                TensorPrimitives.Multiply(row, (float)Math.Sqrt(1 - frameShare), row);
                TensorPrimitives.MultiplyAdd(own.Span, (float)Math.Sqrt(frameShare), row, row);
            }
        }

        return noise;
    }
}
