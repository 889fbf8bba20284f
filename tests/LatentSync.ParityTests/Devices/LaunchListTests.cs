using LatentSync.Backends.Cuda.Launching;
using LatentSync.Backends.Cuda.Launching.Lists;
using LatentSync.Backends.Cuda.Launching.Operations;
using LatentSync.Backends.Cuda.Memory;
using LatentSync.Checkpoints;
using LatentSync.Checkpoints.Config;
using LatentSync.Checkpoints.Tensors;
using LatentSync.Networks.Vae;
using LatentSync.TestKit;
using LatentSync.TestKit.Launching;

namespace LatentSync.ParityTests.Devices;

/// <summary>The launch lists of the golden networks.</summary>
public sealed class LaunchListTests
{
    private const double Limit = 1e-4;

    [Theory]
    [InlineData("unet_tiny")]
    [InlineData("unet_tiny_decoder_motion")]
    public void FullAndCachedStep_EqualTheReference(string folder)
    {
        using var unet = new GoldenUNet(folder);
        var lists = unet.Lists(new LaunchShape(unet.Frames, unet.Clips, IsGuided: false), taps: []);
        using var device = new TestDevice(unet.Weights);
        var (sound, full, cached) = unet.Open(device.Player, lists, unet.Sample, unet.Audio);
        sound.Play();
        full.Play();
        Compare($"{folder}/noise_pred", device.Player, UNetLaunchLists.NoisePrediction);

        // The cached step takes feature, keys and values from the full one; its input is the same, and so is its result.
        device.Player.Write(UNetLaunchLists.NoisePrediction, new float[unet.Images * unet.Size * unet.Size * 4]);
        cached.Play();
        Compare($"{folder}/noise_pred", device.Player, UNetLaunchLists.NoisePrediction);
    }

    [Fact]
    public void InnerValues_EqualTheReference()
    {
        (string Golden, string Checkpoint)[] taps =
        [
            ("conv_in", "conv_in"),
            ("down0_resnet0", "down_blocks.0.resnets.0"),
            ("down0_attn0", "down_blocks.0.attentions.0"),
            ("down0_motion0", "down_blocks.0.motion_modules.0"),
            ("down0", "down_blocks.0"),
            ("down3", "down_blocks.3"),
            ("mid", "mid_block"),
            ("up0", "up_blocks.0"),
            ("up2", "up_blocks.2"),
        ];
        using var unet = new GoldenUNet("unet_tiny");
        var lists = unet.Lists(new LaunchShape(unet.Frames, unet.Clips, IsGuided: false), [.. taps.Select(tap => tap.Checkpoint)]);
        using var device = new TestDevice(unet.Weights);
        var (sound, full, _) = unet.Open(device.Player, lists, unet.Sample, unet.Audio);
        sound.Play();
        full.Play();
        foreach (var (golden, checkpoint) in taps)
        {
            Compare($"unet_tiny/tap_{golden}", device.Player, checkpoint);
        }
    }

    /// <summary>
    /// Guidance computes the silent half without the sound, and the first layers once: the same numbers as two clips, one of
    /// which hears zeros.
    /// </summary>
    [Fact]
    public void Guidance_EqualsTwoClipsOfWhichOneHearsSilence()
    {
        using var unet = new GoldenUNet("unet_tiny");
        var sample = unet.Sample[..(unet.Sample.Length / 2)];
        var audio = unet.Audio[..(unet.Audio.Length / 2)];
        var silence = new float[audio.Length];

        var plain = unet.Lists(new LaunchShape(unet.Frames, 2, IsGuided: false), taps: []);
        var expected = Predict(unet, plain, [.. sample, .. sample], [.. silence, .. audio]);
        var guided = unet.Lists(new LaunchShape(unet.Frames, 1, IsGuided: true), taps: []);
        ParityTable.MaxAbsolute("guided launch list", Predict(unet, guided, sample, audio), expected, TestDevice.Limit(Limit));
        var silent = unet.Lists(new LaunchShape(unet.Frames, 1, IsGuided: false), taps: [], isSilent: true);
        ParityTable.MaxAbsolute(
            "silent half",
            Predict(unet, silent, sample, audio, UNetLaunchLists.SilentNoisePrediction),
            expected.AsSpan(0, expected.Length / 2),
            TestDevice.Limit(Limit)
        );
    }

    /// <summary>Slices change nothing, nor do weights that are copied in time.</summary>
    [Theory]
    [InlineData(1, long.MaxValue, 0)]
    [InlineData(100_000, long.MaxValue, 0)]
    [InlineData(long.MaxValue, 0, 0)]
    [InlineData(long.MaxValue, 7_000_000, 32)]
    public void SlicesAndStreamedWeights_EqualTheReference(long sliceBytes, long weightBytes, int fusedGateChannels)
    {
        Assert.SkipWhen(TestDevice.IsCard && fusedGateChannels > 0, "no card has such a kernel");
        using var unet = new GoldenUNet("unet_tiny");
        var shape = new LaunchShape(unet.Frames, unet.Clips, IsGuided: false) { SliceBytes = sliceBytes, FusedGateChannels = fusedGateChannels };
        var lists = unet.Lists(shape, taps: []);
        Assert.Equal(fusedGateChannels > 0, lists.Full.Operations.OfType<GatedProductOperation>().Any());
        var placement = WeightPlacement.Within([lists.Prelude, lists.Cached], [lists.Full], weightBytes);
        Assert.Equal(weightBytes < long.MaxValue, placement.Streamed.Count > 0);
        using var device = new TestDevice(unet.Weights);
        var (sound, full, _) = unet.Open(device.Player, lists, unet.Sample, unet.Audio, placement);
        sound.Play();
        full.Play();
        full.Play();
        Compare("unet_tiny/noise_pred", device.Player, UNetLaunchLists.NoisePrediction);
    }

    [Fact]
    public void Vae_EqualsTheReference()
    {
        using var weights = CheckpointFile.Open(Golden.Path("vae_tiny/diffusion_pytorch_model.safetensors"));
        var config = VaeConfig.Read(Golden.Path("vae_tiny/config.json"));
        var (image, latents) = (Golden.Tensor("vae_tiny/image.npy"), Golden.Tensor("vae_tiny/z.npy"));
        using var device = new TestDevice(new CheckpointWeights(WeightSource.Of(weights)));
        var lists = device.Player.Open(
            VaeLaunchLists.Encoder(config, DeviceDataType.Float32, image.Shape[0], image.Shape[2]),
            VaeLaunchLists.Decoder(config, DeviceDataType.Float32, latents.Shape[0], latents.Shape[2])
        );
        device.Player.Write(VaeGraphs.Image, ChannelsLast.From(image));
        lists[0].Play();
        Compare("vae_tiny/moments", device.Player, VaeGraphs.Moments);
        device.Player.Write(VaeGraphs.Latents, ChannelsLast.From(latents));
        lists[1].Play();
        Compare("vae_tiny/decoded", device.Player, VaeGraphs.Image);
    }

    /// <summary>The noise that a full step predicts, and then a cached one.</summary>
    private static float[] Predict(GoldenUNet unet, UNetLaunchLists lists, float[] sample, float[] audio, string name = UNetLaunchLists.NoisePrediction)
    {
        using var device = new TestDevice(unet.Weights);
        var (sound, full, cached) = unet.Open(device.Player, lists, sample, audio);
        var count = (int)lists.Full.Buffers.First(buffer => buffer.Name == name).Count;
        sound.Play();
        full.Play();
        var predicted = device.Player.Read(name, count);
        device.Player.Write(name, new float[count]);
        cached.Play();
        ParityTable.MaxAbsolute("cached after full step", device.Player.Read(name, count), predicted, TestDevice.Limit(Limit));
        return predicted;
    }

    private static void Compare(string golden, ILaunchPlayer player, string buffer)
    {
        var tensor = Golden.Tensor(golden + ".npy");
        var expected = tensor.Rank == 5 ? FrameLayout.ToFrames(tensor) : tensor;
        var actual = ChannelsLast.ToTensor(player.Read(buffer, expected.Length), expected);
        ParityTable.RelativeL2(golden + " (launch list)", actual, expected, TestDevice.Limit(Limit));
    }
}
