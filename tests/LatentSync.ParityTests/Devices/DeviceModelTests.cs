using LatentSync.Audio;
using LatentSync.Backends.Cpu;
using LatentSync.Backends.Cuda.Memory;
using LatentSync.Backends.Cuda.Model;
using LatentSync.Checkpoints;
using LatentSync.Checkpoints.Tensors;
using LatentSync.Diffusion;
using LatentSync.Imaging;
using LatentSync.Latents;
using LatentSync.Progress;
using LatentSync.Tensors;
using LatentSync.TestKit;

namespace LatentSync.ParityTests.Devices;

/// <summary>A whole clip with the built-in model, as it goes through a card, against the path of the CPU.</summary>
public sealed class DeviceModelTests
{
    private const int Frames = 5;
    private const double Limit = 1e-3;

    private static readonly SamplerOptions Sampling = new(Steps: 4, GuidanceScale: 1.5f, CacheInterval: 2);

    public static TheoryData<string, int> Plans =>
        [
            .. MemoryPlan.Ladder.Select(plan => (plan.Name, 0)),

            // Short clips are the last of most videos.
            ("whole", 2),
            ("halves", 2),
        ];

    /// <summary>With all weights on the device, and with as few as possible.</summary>
    [Theory]
    [MemberData(nameof(Plans))]
    public void Clip_EqualsTheCpu(string planName, int missing)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var folder = ModelFolder.Open(Path.Combine(RepositoryFolder.Path, "models", "demo"));
        var resolution = folder.Resolution!.Value;
        var size = resolution / LatentShape.PixelsPerLatent;
        var tokens = FrameAudio.RowsPerContext * (folder.Whisper.LayerCount + 1);
        using var unetFile = CheckpointFile.Open(folder.UNetPath);
        using var vaeFile = CheckpointFile.Open(folder.VaePath);
        var (unet, vae) = (WeightSource.Of(unetFile), new WeightSource(folder.VaePath, VaeStateDict.Read(vaeFile)));
        var (random, frames) = (new Random(1), Frames - missing);
        var faces = Enumerable.Range(0, frames).Select(frame => Face(resolution, frame)).ToList();
        var audio = Noise(random, frames, tokens, folder.UNet.CrossAttentionDim);
        var noise = new ClipNoise(FrameNoise.Draw(1, 0, LatentShape.Channels, size, size), 1, folder.UNet.FrameNoiseShare);

        using var predictor = new UNetNoisePredictor(folder.UNet, unet, size, tokens);
        using var codec = new VaeCodec(folder.Vae, vae, resolution);
        var onTheCpu = new DiffusionFaceGenerator(codec, new ClipSampler(predictor), new RepaintMask(resolution), noise, Sampling, frames, new WorkTimes());
        var (expected, actual) = (new Tensor(frames, RgbImage.Channels, resolution, resolution), new Tensor(frames, RgbImage.Channels, resolution, resolution));
        onTheCpu.Generate(faces, 0, audio, expected.Rows(), stepDone: null, cancellationToken);

        var parts = new DeviceModelParts(folder.UNet, new CheckpointWeights(unet), folder.Vae, new CheckpointWeights(vae), resolution, tokens);
        using var device = new TestDevice(new ModelWeights(parts.UNetWeights, parts.VaeWeights));
        foreach (var weightBytes in new[] { long.MaxValue, 0 })
        {
            var plan = MemoryPlan.Ladder.First(plan => plan.Name == planName) with { WeightBytes = weightBytes };
            var (layout, done) = (new ClipLayout(parts, DeviceDataType.Float32, plan, Frames, Sampling), 0);
            using var model = new DeviceModel(device.Player, layout, cancellationToken);
            model.Generate(faces, audio, noise.Draw(0, frames), actual.Rows(), Sampling, () => done++, cancellationToken);
            Assert.Equal(Sampling.Steps, done);
            var name = $"a clip of {frames} frames of the built-in model, device, {planName}{(weightBytes == 0 ? ", streamed weights" : "")}";
            ParityTable.RelativeL2(name, actual, expected, TestDevice.Limit(Limit));
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
}
