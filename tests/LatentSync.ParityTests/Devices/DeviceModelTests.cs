using LatentSync.Audio;
using LatentSync.Backends.Cpu;
using LatentSync.Backends.Cuda.Memory;
using LatentSync.Backends.Cuda.Model;
using LatentSync.Checkpoints;
using LatentSync.Checkpoints.Config;
using LatentSync.Checkpoints.Tensors;
using LatentSync.Diffusion;
using LatentSync.Imaging;
using LatentSync.Latents;
using LatentSync.Progress;
using LatentSync.Tensors;
using LatentSync.TestKit;

namespace LatentSync.ParityTests.Devices;

/// <summary>A whole clip as it goes through a card, against the path of the CPU.</summary>
public sealed class DeviceModelTests
{
    private const int Frames = 4;
    private const int GoldenResolution = 128;
    private const double Limit = 1e-3;

    private static readonly SamplerOptions Sampling = new(Steps: 3, GuidanceScale: 1.5f, CacheInterval: 2);

    public static TheoryData<string, int> Plans =>
        [
            .. MemoryPlan.Ladder.Select(plan => (plan.Name, 0)),
            // Short clips are the last of most videos.
            ("whole", 1),
            ("halves", 2),
        ];

    /// <summary>The small networks of the golden data, with all weights on the device and with as few as possible.</summary>
    [Theory]
    [MemberData(nameof(Plans))]
    public void Clip_EqualsTheCpu(string planName, int missing)
    {
        using var unet = CheckpointFile.Open(Golden.Path("unet_tiny/latentsync_unet.pt"));
        using var vae = CheckpointFile.Open(Golden.Path("vae_tiny/diffusion_pytorch_model.safetensors"));
        var networks = new Networks(
            UNetConfigReader.Read(Golden.Path("unet_tiny/config.yaml")),
            WeightSource.Of(unet),
            VaeConfig.Read(Golden.Path("vae_tiny/config.json")),
            WeightSource.Of(vae),
            GoldenResolution,
            Golden.Tensor("unet_tiny/audio.npy").Shape[2]
        );
        var plan = MemoryPlan.Ladder.First(plan => plan.Name == planName);
        Compare("golden networks", networks, [plan, plan with { Name = planName + ", streamed weights", WeightBytes = 0 }], missing);
    }

    [Fact]
    public void Clip_OfTheBuiltInModel_EqualsTheCpu()
    {
        var folder = ModelFolder.Open(Path.Combine(RepositoryFolder.Path, "models", "demo"));
        using var unet = CheckpointFile.Open(folder.UNetPath);
        using var vae = CheckpointFile.Open(folder.VaePath);
        var networks = new Networks(
            folder.UNet,
            WeightSource.Of(unet),
            folder.Vae,
            new WeightSource(folder.VaePath, VaeStateDict.Read(vae)),
            folder.Resolution!.Value,
            FrameAudio.RowsPerContext * (folder.Whisper.LayerCount + 1)
        );
        Compare("the built-in model", networks, [MemoryPlan.Ladder[1]], missing: 0);
    }

    private static void Compare(string name, Networks networks, IEnumerable<MemoryPlan> plans, int missing)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var (resolution, size, frames) = (networks.Resolution, networks.Resolution / LatentShape.PixelsPerLatent, Frames - missing);
        var faces = Enumerable.Range(0, frames).Select(frame => Face(resolution, frame)).ToList();
        var audio = Noise(new Random(1), frames, networks.AudioTokens, networks.UNetConfig.CrossAttentionDim);
        var noise = new ClipNoise(FrameNoise.Draw(1, 0, LatentShape.Channels, size, size), 1, networks.UNetConfig.FrameNoiseShare);

        using var predictor = new UNetNoisePredictor(networks.UNetConfig, networks.UNet, size, networks.AudioTokens);
        using var codec = new VaeCodec(networks.VaeConfig, networks.Vae, resolution);
        var onTheCpu = new DiffusionFaceGenerator(codec, new ClipSampler(predictor), new RepaintMask(resolution), noise, Sampling, frames, new WorkTimes());
        var (expected, actual) = (new Tensor(frames, RgbImage.Channels, resolution, resolution), new Tensor(frames, RgbImage.Channels, resolution, resolution));
        onTheCpu.Generate(faces, 0, audio, expected.Rows(), stepDone: null, cancellationToken);

        var (unet, vae) = (new CheckpointWeights(networks.UNet), new CheckpointWeights(networks.Vae));
        var parts = new DeviceModelParts(networks.UNetConfig, unet, networks.VaeConfig, vae, resolution, networks.AudioTokens);
        using var device = new TestDevice(new ModelWeights(unet, vae));
        foreach (var plan in plans)
        {
            var (layout, done) = (new ClipLayout(parts, device.Player.Traits, plan, Frames, Sampling), 0);
            Assert.Equal(plan.WeightBytes == 0, layout.Weights.Streamed.Count > 0);
            using var model = new DeviceModel(device.Player, layout, cancellationToken);
            model.Generate(faces, audio, noise.Draw(0, frames), actual.Rows(), Sampling, () => done++, cancellationToken);
            Assert.Equal(Sampling.Steps, done);
            ParityTable.RelativeL2(
                FormattableString.Invariant($"a clip of {frames} frames, {name}, device, {plan.Name}"),
                actual,
                expected,
                TestDevice.Limit(Limit)
            );
        }
    }

    private static Tensor Noise(Random random, params int[] shape)
    {
        var tensor = new Tensor(shape);
        foreach (ref var value in tensor.Span)
        {
            value = (float)((2 * random.NextDouble()) - 1);
        }

        return tensor;
    }

    private static RgbImage Face(int size, int frame)
    {
        var image = new RgbImage(size, size);
        for (var i = 0; i < image.Pixels.Length; i++)
        {
            image.Pixels[i] = (byte)(128 + (90 * Math.Sin((i * 0.0031) + frame)));
        }

        return image;
    }

    private sealed record Networks(UNetConfig UNetConfig, WeightSource UNet, VaeConfig VaeConfig, WeightSource Vae, int Resolution, int AudioTokens);
}
