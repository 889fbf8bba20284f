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
[Collection(OneDevice.Name)]
public sealed class DeviceModelTests
{
    private const int Frames = 5;
    private const double Limit = 1e-3;

    private static readonly SamplerOptions Sampling = new(Steps: 4, GuidanceScale: 1.5f, CacheInterval: 2);

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Clip_EqualsTheCpu(int plan)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var folder = ModelFolder.Open(Path.Combine(RepositoryFolder.Path, "models", "demo"));
        var resolution = folder.Resolution!.Value;
        var size = resolution / LatentShape.PixelsPerLatent;
        var tokens = FrameAudio.RowsPerContext * (folder.Whisper.LayerCount + 1);
        using var unetFile = CheckpointFile.Open(folder.UNetPath);
        using var vaeFile = CheckpointFile.Open(folder.VaePath);
        var (unet, vae) = (WeightSource.Of(unetFile), new WeightSource(folder.VaePath, VaeStateDict.Read(vaeFile)));
        var random = new Random(1);
        var faces = Enumerable.Range(0, Frames).Select(frame => Face(resolution, frame)).ToList();
        var audio = Noise(random, Frames, tokens, folder.UNet.CrossAttentionDim);
        var noise = new ClipNoise(FrameNoise.Draw(1, 0, LatentShape.Channels, size, size), 1, folder.UNet.FrameNoiseShare);

        using var predictor = new UNetNoisePredictor(folder.UNet, unet, size, tokens);
        using var codec = new VaeCodec(folder.Vae, vae, resolution);
        var onTheCpu = new DiffusionFaceGenerator(codec, new ClipSampler(predictor), new RepaintMask(resolution), noise, Sampling, Frames, new WorkTimes());
        var (expected, actual) = (new Tensor(Frames, RgbImage.Channels, resolution, resolution), new Tensor(Frames, RgbImage.Channels, resolution, resolution));
        onTheCpu.Generate(faces, 0, audio, expected.Rows(), stepDone: null, cancellationToken);

        var parts = new DeviceModelParts(folder.UNet, new CheckpointWeights(unet), folder.Vae, new CheckpointWeights(vae), resolution, tokens);
        using var runtime = TestDevice.Open();
        using var model = new DeviceModel(runtime, parts, MemoryPlan.Ladder[plan]);
        model.Load(Frames, Sampling, cancellationToken);
        model.Generate(faces, audio, noise.Draw(0, Frames), actual.Rows(), Sampling, stepDone: null, cancellationToken);
        ParityTable.RelativeL2($"a clip of the built-in model, device, {MemoryPlan.Ladder[plan].Name}", actual, expected, TestDevice.Limit(Limit));
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
