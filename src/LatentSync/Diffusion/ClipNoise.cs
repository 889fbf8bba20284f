using LatentSync.Tensors;

namespace LatentSync.Diffusion;

/// <summary>The noise that the clips of a video start from: one frame of noise for the whole video, as LatentSync draws it.</summary>
/// <param name="shared">[4, height, width]: the noise of the video, mean 0, variance 1.</param>
internal sealed class ClipNoise(Tensor shared)
{
    private readonly TensorBuffer _buffer = new();

    /// <summary>The noise of a clip.</summary>
    /// <param name="frames">Frames of the clip.</param>
    /// <returns>[frames, 4, height, width], mean 0, variance 1; another clip of the same length is written over it.</returns>
    public Tensor Repeat(int frames)
    {
        var noise = _buffer.Get([frames, .. shared.Shape]);
        for (var frame = 0; frame < frames; frame++)
        {
            shared.Span.CopyTo(noise.Row(frame));
        }

        return noise;
    }
}
