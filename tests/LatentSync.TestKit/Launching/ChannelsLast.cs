using LatentSync.Tensors;

namespace LatentSync.TestKit.Launching;

/// <summary>[image, channel, row, column] against [image, pixel, channel].</summary>
internal static class ChannelsLast
{
    public static float[] From(Tensor map)
    {
        var (channels, pixels) = (map.Shape[1], map.Shape[2] * map.Shape[3]);
        var result = new float[map.Length];
        for (var i = 0; i < map.Length; i++)
        {
            var (image, channel, pixel) = (i / channels / pixels, i / pixels % channels, i % pixels);
            result[(((image * pixels) + pixel) * channels) + channel] = map.Data[i];
        }

        return result;
    }

    public static Tensor ToTensor(float[] values, Tensor like)
    {
        var (channels, pixels) = (like.Shape[1], like.Shape[2] * like.Shape[3]);
        var result = new Tensor([.. like.Shape]);
        for (var i = 0; i < result.Length; i++)
        {
            var (image, channel, pixel) = (i / channels / pixels, i / pixels % channels, i % pixels);
            result.Data[i] = values[(((image * pixels) + pixel) * channels) + channel];
        }

        return result;
    }
}
