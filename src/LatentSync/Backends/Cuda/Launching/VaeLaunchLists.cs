using LatentSync.Backends.Cuda.Launching.Lists;
using LatentSync.Backends.Cuda.Memory;
using LatentSync.Checkpoints.Config;
using LatentSync.Networks.Vae;

namespace LatentSync.Backends.Cuda.Launching;

/// <summary>The VAE's encoder and decoder as launch lists. Images and latents are float32, [image, pixel, channel].</summary>
internal static class VaeLaunchLists
{
    /// <summary>From the buffer <see cref="VaeGraphs.Image"/> to <see cref="VaeGraphs.Moments"/>.</summary>
    /// <param name="config">The network's layout.</param>
    /// <param name="type">float16, bfloat16 or float32.</param>
    /// <param name="images">Images.</param>
    /// <param name="side">Rows and columns of an image.</param>
    public static LaunchList Encoder(VaeConfig config, DeviceDataType type, int images, int side) =>
        Write("encoder", type, images, dialect => VaeGraphs.DescribeEncoder(dialect, config, side, side));

    /// <summary>From the buffer <see cref="VaeGraphs.Latents"/> to <see cref="VaeGraphs.Image"/>.</summary>
    /// <param name="config">The network's layout.</param>
    /// <param name="type">float16, bfloat16 or float32.</param>
    /// <param name="images">Images.</param>
    /// <param name="side">Rows and columns of the latents.</param>
    public static LaunchList Decoder(VaeConfig config, DeviceDataType type, int images, int side) =>
        Write("decoder", type, images, dialect => VaeGraphs.DescribeDecoder(dialect, config, side, side));

    private static LaunchList Write(string name, DeviceDataType type, int images, Action<LaunchDialect> describe)
    {
        var (writer, prelude) = (new LaunchWriter(type), new LaunchWriter(type));
        describe(new LaunchDialect(writer, prelude, new LaunchShape(1, images, IsGuided: false)));
        return writer.Build(name);
    }
}
