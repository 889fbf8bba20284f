using LatentSync.Backends.Cuda.Launching;
using LatentSync.Backends.Cuda.Launching.Lists;
using LatentSync.Backends.Cuda.Memory;
using LatentSync.Checkpoints;
using LatentSync.Checkpoints.Config;
using LatentSync.Checkpoints.Tensors;
using LatentSync.Networks.Vae;
using LatentSync.TestKit;
using LatentSync.TestKit.Launching;

namespace LatentSync.CudaTrial;

/// <summary>The golden networks on the card.</summary>
internal sealed class GoldenTrial(Trial trial)
{
    private const double Float32Limit = 1e-3;

    // The networks are small and their weights random: each layer rounds, and nothing averages it.
    private const double Float16Limit = 2e-2;

    public bool Run() => UNet(DeviceDataType.Float32) & Vae(DeviceDataType.Float32) & UNet(DeviceDataType.Float16) & Vae(DeviceDataType.Float16);

    private static bool Report(string what, DeviceDataType type, float[] actual, float[] expected)
    {
        var error = Trial.Error(actual, expected);
        var good = error <= (type == DeviceDataType.Float32 ? Float32Limit : Float16Limit);
        Console.WriteLine(FormattableString.Invariant($"{(good ? "ok " : "BAD")} {type} {what}: {error:E2}"));
        return good;
    }

    private bool UNet(DeviceDataType type)
    {
        using var unet = new GoldenUNet("unet_tiny");
        var plain = unet.Lists(new LaunchShape(unet.Frames, unet.Clips, IsGuided: false), [], type);
        using (var player = trial.Open(unet.Weights, type))
        {
            var lists = player.Prepare([plain.Prelude, plain.Full, plain.Cached], CancellationToken.None);
            player.Write(UNetLaunchLists.Sample, unet.Sample);
            player.Write(UNetLaunchLists.Audio, unet.Audio);
            player.Write(LaunchDialect.Time, unet.TimeRow(plain));
            lists[0].Play();
            lists[1].Play();
            var expected = ChannelsLast.From(FrameLayout.ToFrames(Golden.Tensor("unet_tiny/noise_pred.npy")));
            var good = Report("unet full step", type, player.Read(UNetLaunchLists.NoisePrediction, expected.Length), expected);
            lists[2].Play();
            good &= Report("unet cached step", type, player.Read(UNetLaunchLists.NoisePrediction, expected.Length), expected);
            if (!good)
            {
                return false;
            }
        }

        // Guidance against the twin on the CPU.
        var guided = unet.Lists(new LaunchShape(unet.Frames, 1, IsGuided: true), [], type);
        var (sample, audio) = (unet.Sample[..(unet.Sample.Length / 2)], unet.Audio[..(unet.Audio.Length / 2)]);
        var twin = unet.Player(guided, sample, audio);
        twin.Play(guided.Prelude);
        twin.Play(guided.Full);
        using var second = trial.Open(unet.Weights, type);
        var prepared = second.Prepare([guided.Prelude, guided.Full, guided.Cached], CancellationToken.None);
        second.Write(UNetLaunchLists.Sample, sample);
        second.Write(UNetLaunchLists.Audio, audio);
        second.Write(LaunchDialect.Time, unet.TimeRow(guided));
        foreach (var list in prepared)
        {
            list.Play();
        }

        var noise = twin[UNetLaunchLists.NoisePrediction];
        return Report("guided unet, full then cached step", type, second.Read(UNetLaunchLists.NoisePrediction, noise.Length), noise);
    }

    private bool Vae(DeviceDataType type)
    {
        using var weights = CheckpointFile.Open(Golden.Path("vae_tiny/diffusion_pytorch_model.safetensors"));
        var config = VaeConfig.Read(Golden.Path("vae_tiny/config.json"));
        var (image, latents) = (Golden.Tensor("vae_tiny/image.npy"), Golden.Tensor("vae_tiny/z.npy"));
        using var player = trial.Open(new CheckpointWeights(WeightSource.Of(weights)), type);
        var lists = player.Prepare(
            [VaeLaunchLists.Encoder(config, type, image.Shape[0], image.Shape[2]), VaeLaunchLists.Decoder(config, type, latents.Shape[0], latents.Shape[2])],
            CancellationToken.None
        );
        player.Write(VaeGraphs.Image, ChannelsLast.From(image));
        lists[0].Play();
        var moments = ChannelsLast.From(Golden.Tensor("vae_tiny/moments.npy"));
        var good = Report("vae encoder", type, player.Read(VaeGraphs.Moments, moments.Length), moments);
        player.Write(VaeGraphs.Latents, ChannelsLast.From(latents));
        lists[1].Play();
        var decoded = ChannelsLast.From(Golden.Tensor("vae_tiny/decoded.npy"));
        return good & Report("vae decoder", type, player.Read(VaeGraphs.Image, decoded.Length), decoded);
    }
}
