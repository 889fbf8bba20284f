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

    // That of one operation, as in OperationTests: most of its error is that of the last few.
    private const double BFloat16Limit = 1.6e-2;

    private static readonly SamplerOptions Sampling = new(Steps: 3, GuidanceScale: 1.5f, CacheInterval: 2);

    public static TheoryData<string, int> Plans =>
        [
            .. MemoryPlan.Ladder.Select(plan => (plan.Name, 0)),
            // Short clips are the last of most videos.
            ("whole", 1),
            ("halves", 2),
        ];

    /// <summary>Sampler, cache interval, and the band of the guidance.</summary>
    public static TheoryData<Sampler, int, double, double> Samplings =>
        [
            .. from sampler in Enum.GetValues<Sampler>()
            from interval in (int[])[1, 3]
            from band in ((double From, double To)[])[(0, 1), (0.3, 0.7)]
            select (sampler, interval, band.From, band.To),
        ];

    /// <summary>The small networks of the golden data, with all weights on the device and with as few as possible.</summary>
    [Theory]
    [MemberData(nameof(Plans))]
    public void Clip_EqualsTheCpu(string planName, int missing)
    {
        using var networks = Networks.Golden();
        var plan = MemoryPlan.Ladder.First(plan => plan.Name == planName);
        Compare("golden networks", networks, [plan, plan with { Name = planName + ", streamed weights", WeightBytes = 0 }], Frames - missing, Sampling);
    }

    [Fact]
    public void Clip_OfTheBuiltInModel_EqualsTheCpu()
    {
        using var networks = Networks.BuiltIn();
        Compare("the built-in model", networks, [MemoryPlan.Ladder[1]], Frames, Sampling);
    }

    [Fact]
    public void Clip_InBFloat16_ResemblesTheCpu()
    {
        using var golden = Networks.Golden();
        Compare("golden networks", golden, [MemoryPlan.Ladder[0]], frames: 2, Sampling, room: 2, DeviceDataType.BFloat16);
        using var builtIn = Networks.BuiltIn();
        Compare("the built-in model", builtIn, [MemoryPlan.Ladder[0]], frames: 2, Sampling, room: 2, DeviceDataType.BFloat16);
    }

    /// <summary>Steps that look back, and steps with one half of the guidance beside steps with both.</summary>
    [Theory]
    [MemberData(nameof(Samplings))]
    public void Clip_OfEachSampler_EqualsTheCpu(Sampler sampler, int cacheInterval, double from, double to)
    {
        var sampling = new SamplerOptions(4, 1.5f, cacheInterval)
        {
            Sampler = sampler,
            GuidanceFrom = from,
            GuidanceTo = to,
        };
        using var networks = Networks.Golden();
        var name = FormattableString.Invariant($"golden networks, {sampler}, cache {cacheInterval}, guidance {from:0.0} to {to:0.0}");
        Compare(name, networks, [MemoryPlan.Ladder[0], .. to < 1 ? [MemoryPlan.Ladder[^1]] : (MemoryPlan[])[]], frames: 2, sampling, room: 2);
    }

    /// <summary>A model that stays loaded: each clip begins anew, whatever the one before has left behind.</summary>
    [Fact]
    public void Clips_OfDifferentSamplings_DoNotDisturbEachOther()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var networks = Networks.Golden();
        var (clip, parts) = (new Clip(networks, 2), networks.Parts);
        var largest = new SamplerOptions(4, 1.5f, 2) { Sampler = Sampler.UniPc, GuidanceFrom = 0.5 };
        using var device = new TestDevice(new ModelWeights(parts.UNetWeights, parts.VaeWeights));
        var layout = new ClipLayout(parts, device.Player.Traits, MemoryPlan.Ladder[0], clip.Frames, largest);
        using var model = new DeviceModel(device.Player, layout, cancellationToken);
        var first = Generate(largest);
        Generate(largest with { Sampler = Sampler.Ddim, GuidanceFrom = 0 });
        Generate(largest with { Sampler = Sampler.DpmPlusPlus2M, GuidanceTo = 0.8 });
        Assert.Equal(first, Generate(largest));
        Assert.False(layout.Shape.HasRoomFor(clip.Frames, largest with { GuidanceScale = 1 }));

        float[] Generate(SamplerOptions sampling)
        {
            Assert.True(layout.Shape.HasRoomFor(clip.Frames, sampling));
            var actual = clip.Result();
            model.Generate(clip.Faces, clip.Audio, clip.Noise.Repeat(clip.Frames), actual.Rows(), sampling, null, cancellationToken);
            return actual.Data;
        }
    }

    private static void Compare(
        string name,
        Networks networks,
        IEnumerable<MemoryPlan> plans,
        int frames,
        SamplerOptions sampling,
        int room = Frames,
        DeviceDataType type = DeviceDataType.Float32
    )
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var (clip, parts) = (new Clip(networks, frames), networks.Parts);
        var (resolution, size) = (parts.Resolution, parts.Resolution / LatentShape.PixelsPerLatent);
        using var predictor = new UNetNoisePredictor(parts.UNetConfig, networks.UNet, size, parts.AudioTokens);
        using var codec = new VaeCodec(parts.VaeConfig, networks.Vae, resolution);
        var sampler = new ClipSampler(predictor);
        var onTheCpu = new DiffusionFaceGenerator(codec, sampler, new RepaintMask(resolution), clip.Noise, sampling, frames, new WorkTimes());
        var (expected, actual) = (clip.Result(), clip.Result());
        onTheCpu.Generate(clip.Faces, 0, clip.Audio, expected.Rows(), stepDone: null, cancellationToken);

        using var device = new TestDevice(new ModelWeights(parts.UNetWeights, parts.VaeWeights), type);
        foreach (var plan in plans)
        {
            var (layout, done) = (new ClipLayout(parts, device.Player.Traits, plan, room, sampling), 0);
            Assert.Equal(plan.WeightBytes == 0, layout.Weights.Streamed.Count > 0);
            using var model = new DeviceModel(device.Player, layout, cancellationToken);
            model.Generate(clip.Faces, clip.Audio, clip.Noise.Repeat(frames), actual.Rows(), sampling, () => done++, cancellationToken);
            Assert.Equal(sampling.Steps, done);
            ParityTable.RelativeL2(
                FormattableString.Invariant($"a clip of {frames} frames, {name}, device, {plan.Name}{(type.Is16Bit() ? $", {type}" : string.Empty)}"),
                actual,
                expected,
                type.Is16Bit() ? BFloat16Limit : TestDevice.Limit(Limit)
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

    /// <summary>Faces, sound and noise of a few frames.</summary>
    private sealed class Clip(Networks networks, int frames)
    {
        private readonly DeviceModelParts _parts = networks.Parts;

        public int Frames => frames;

        public List<RgbImage> Faces { get; } = [.. Enumerable.Range(0, frames).Select(frame => Face(networks.Parts.Resolution, frame))];

        public Tensor Audio { get; } = DeviceModelTests.Noise(new Random(1), frames, networks.Parts.AudioTokens, networks.Parts.UNetConfig.CrossAttentionDim);

        public ClipNoise Noise
        {
            get
            {
                var size = _parts.Resolution / LatentShape.PixelsPerLatent;
                return new ClipNoise(FrameNoise.Draw(1, 0, LatentShape.Channels, size, size));
            }
        }

        public Tensor Result() => new(frames, RgbImage.Channels, _parts.Resolution, _parts.Resolution);
    }

    /// <summary>The networks of a model, and the files that they lie in.</summary>
    private sealed class Networks : IDisposable
    {
        private readonly TensorArchive _unet;
        private readonly TensorArchive _vae;

        private Networks(string unetPath, UNetConfig unetConfig, string vaePath, VaeConfig vaeConfig, int resolution, int audioTokens)
        {
            _unet = CheckpointFile.Open(unetPath);
            _vae = CheckpointFile.Open(vaePath);
            (UNet, Vae) = (WeightSource.Of(_unet), new WeightSource(vaePath, VaeStateDict.Read(_vae)));
            Parts = new(unetConfig, new CheckpointWeights(UNet), vaeConfig, new CheckpointWeights(Vae), resolution, audioTokens);
        }

        public WeightSource UNet { get; }

        public WeightSource Vae { get; }

        public DeviceModelParts Parts { get; }

        public static Networks Golden() =>
            new(
                TestKit.Golden.Path("unet_tiny/latentsync_unet.pt"),
                UNetConfigReader.Read(TestKit.Golden.Path("unet_tiny/config.yaml")),
                TestKit.Golden.Path("vae_tiny/diffusion_pytorch_model.safetensors"),
                VaeConfig.Read(TestKit.Golden.Path("vae_tiny/config.json")),
                GoldenResolution,
                TestKit.Golden.Tensor("unet_tiny/audio.npy").Shape[2]
            );

        public static Networks BuiltIn()
        {
            var folder = ModelFolder.Open(Path.Combine(RepositoryFolder.Path, "models", "demo"));
            var audioTokens = FrameAudio.RowsPerContext * (folder.Whisper.LayerCount + 1);
            return new Networks(folder.UNetPath, folder.UNet, folder.VaePath, folder.Vae, folder.Resolution!.Value, audioTokens);
        }

        public void Dispose()
        {
            _unet.Dispose();
            _vae.Dispose();
        }
    }
}
