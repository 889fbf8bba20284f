using LatentSync.Backends.Cuda.Launching;
using LatentSync.Backends.Cuda.Launching.Lists;
using LatentSync.Backends.Cuda.Memory;
using LatentSync.Checkpoints;
using LatentSync.Checkpoints.Config;
using LatentSync.Checkpoints.Tensors;
using LatentSync.Diffusion;
using LatentSync.Networks.UNet;
using LatentSync.Networks.Vae;
using LatentSync.TestKit;
using LatentSync.TestKit.Launching;

namespace LatentSync.ParityTests.Backends;

/// <summary>The launch lists of the golden networks, played on the CPU.</summary>
public sealed class LaunchListTests
{
    private const double Limit = 1e-4;
    private const double SamplingLimit = 1e-3;

    [Theory]
    [InlineData("unet_tiny")]
    [InlineData("unet_tiny_decoder_motion")]
    public void FullAndCachedStep_EqualTheReference(string folder)
    {
        using var unet = new GoldenUNet(folder);
        var lists = unet.Lists(new LaunchShape(unet.Frames, unet.Clips, IsGuided: false), taps: []);
        var player = unet.Player(lists, unet.Sample, unet.Audio);
        player.Play(lists.Prelude);
        player.Play(lists.Full);
        Compare($"{folder}/noise_pred", player[UNetLaunchLists.NoisePrediction]);

        // The cached step takes feature, keys and values from the full one; its input is the same, and so is its result.
        player[UNetLaunchLists.NoisePrediction].AsSpan().Fill(float.NaN);
        player.Play(lists.Cached);
        Compare($"{folder}/noise_pred", player[UNetLaunchLists.NoisePrediction]);
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
        var player = unet.Player(lists, unet.Sample, unet.Audio);
        player.Play(lists.Prelude);
        player.Play(lists.Full);
        foreach (var (golden, checkpoint) in taps)
        {
            Compare($"unet_tiny/tap_{golden}", player[checkpoint]);
        }

        Compare("unet_tiny/tap_deepcache_feature", player[UNetGraphs.Feature]);
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
        var expected = unet.Player(plain, [.. sample, .. sample], [.. silence, .. audio]);
        expected.Play(plain.Prelude);
        expected.Play(plain.Full);
        var guided = unet.Lists(new LaunchShape(unet.Frames, 1, IsGuided: true), taps: []);
        var actual = unet.Player(guided, sample, audio);
        actual.Play(guided.Prelude);
        actual.Play(guided.Full);
        ParityTable.MaxAbsolute("guided launch list", actual[UNetLaunchLists.NoisePrediction], expected[UNetLaunchLists.NoisePrediction], Limit);
        actual.Play(guided.Cached);
        ParityTable.MaxAbsolute("guided launch list, cached", actual[UNetLaunchLists.NoisePrediction], expected[UNetLaunchLists.NoisePrediction], Limit);
    }

    /// <summary>A whole clip's denoising: guidance, DeepCache and the sampler.</summary>
    [Fact]
    public void Sampling_EqualsTheReference()
    {
        const int Steps = 10;
        const int CacheInterval = 3;
        using var unet = new GoldenUNet("unet_tiny");
        var (shape, pixels) = (new LaunchShape(unet.Frames, 1, IsGuided: true), unet.Size * unet.Size);
        var (lists, clip, schedule) = (unet.Lists(shape, taps: []), new ClipLaunchLists(shape, unet.Size, scale: 1), new DdimSchedule(Steps));
        var player = unet.Player(lists, new float[unet.Frames * pixels * ClipLaunchLists.SampleColumns], Golden.Tensor("sampling/audio.npy").Data);
        Place("init_noise", 0);
        Place("mask_latents", 4);
        Place("masked_image_latents", 5);
        Place("ref_latents", 9);
        player.Play(lists.Prelude);
        for (var step = 0; step < Steps; step++)
        {
            player[LaunchDialect.Time] = unet.TimeRow(lists, schedule.Timesteps[step]);
            player.Play(step % CacheInterval == 0 ? lists.Full : lists.Cached);
            player.Play(clip.Step(guidance: 2, schedule.Factors(schedule.Timesteps[step])));
        }

        player.Play(clip.Finish());
        var tensor = FrameLayout.ToFrames(Golden.Tensor("sampling/final_steps10_g2.0_cache3.npy"));
        ParityTable.RelativeL2(
            "sampling/final_steps10_g2.0_cache3 (launch lists)",
            ChannelsLast.ToTensor(player[VaeGraphs.Latents], tensor),
            tensor,
            SamplingLimit
        );

        // One frame is repeated for all of them.
        void Place(string name, int column)
        {
            var map = FrameLayout.ToFrames(Golden.Tensor($"sampling/{name}.npy"));
            var (values, width) = (ChannelsLast.From(map), map.Shape[1]);
            for (var row = 0; row < unet.Frames * pixels; row++)
            {
                values.AsSpan(row * width % values.Length, width).CopyTo(player[UNetLaunchLists.Sample].AsSpan((row * ClipLaunchLists.SampleColumns) + column));
            }
        }
    }

    [Fact]
    public void Vae_EqualsTheReference()
    {
        using var weights = CheckpointFile.Open(Golden.Path("vae_tiny/diffusion_pytorch_model.safetensors"));
        var config = VaeConfig.Read(Golden.Path("vae_tiny/config.json"));
        var (image, latents) = (Golden.Tensor("vae_tiny/image.npy"), Golden.Tensor("vae_tiny/z.npy"));
        var player = new ReferencePlayer(new CheckpointWeights(WeightSource.Of(weights)));
        player[VaeGraphs.Image] = ChannelsLast.From(image);
        player.Play(VaeLaunchLists.Encoder(config, DeviceDataType.Float32, image.Shape[0], image.Shape[2]));
        Compare("vae_tiny/moments", player[VaeGraphs.Moments]);
        player[VaeGraphs.Latents] = ChannelsLast.From(latents);
        player.Play(VaeLaunchLists.Decoder(config, DeviceDataType.Float32, latents.Shape[0], latents.Shape[2]));
        Compare("vae_tiny/decoded", player[VaeGraphs.Image]);
    }

    private static void Compare(string golden, float[] actual)
    {
        var tensor = Golden.Tensor(golden + ".npy");
        var expected = tensor.Rank == 5 ? FrameLayout.ToFrames(tensor) : tensor;
        ParityTable.RelativeL2(golden + " (launch list)", ChannelsLast.ToTensor(actual, expected), expected, Limit);
    }
}
