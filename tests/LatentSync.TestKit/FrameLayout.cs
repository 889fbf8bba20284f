using LatentSync.Tensors;

namespace LatentSync.TestKit;

/// <summary>PyTorch's video layout [clips, channels, frames, height, width] against ours, [clips * frames, channels, height, width].</summary>
internal static class FrameLayout
{
    public static Tensor ToFrames(Tensor video)
    {
        var (clips, channels, frames, plane) = (video.Shape[0], video.Shape[1], video.Shape[2], video.Shape[3] * video.Shape[4]);
        var result = new Tensor(clips * frames, channels, video.Shape[3], video.Shape[4]);
        for (var clip = 0; clip < clips; clip++)
        {
            for (var channel = 0; channel < channels; channel++)
            {
                for (var frame = 0; frame < frames; frame++)
                {
                    video
                        .Span.Slice(((((clip * channels) + channel) * frames) + frame) * plane, plane)
                        .CopyTo(result.Span[(((((clip * frames) + frame) * channels) + channel) * plane)..]);
                }
            }
        }

        return result;
    }
}
