using LatentSync.Backends.Cuda.Memory;
using LatentSync.Backends.Cuda.Model;
using LatentSync.Checkpoints;
using LatentSync.Checkpoints.Config;
using LatentSync.Checkpoints.Tensors;
using LatentSync.Diffusion;
using LatentSync.Tensors;
using LatentSync.TestKit;

namespace LatentSync.ParityTests.Devices;

/// <summary>The network as it runs on a GPU, in pieces and slices and with streamed weights, on the CPU's memory.</summary>
[Collection(OneDevice.Name)]
public sealed class DeviceUNetTests : IDisposable
{
    private const double Limit = 1e-4;
    private const int Frames = 8;

    private readonly TensorArchive _weights = CheckpointFile.Open(Golden.Path("unet_tiny/latentsync_unet.pt"));

    public static TheoryData<string, bool, int, long> Plans =>
        new()
        {
            { "joined", true, int.MaxValue, long.MaxValue },
            { "joined, slices", true, 3 * 16 * 16 * 32, long.MaxValue },
            { "halves", false, int.MaxValue, long.MaxValue },
            { "halves, one image or pixel at once", false, 1, long.MaxValue },
            { "halves, half the weights streamed", false, int.MaxValue, 6L << 20 },
            { "joined, all weights streamed", true, int.MaxValue, 0 },
        };

    public void Dispose() => _weights.Dispose();

    [Theory]
    [MemberData(nameof(Plans))]
    public void Prediction_EqualsTheReference(string name, bool joins, int slice, long weightBytes)
    {
        var plan = new UNetPlan
        {
            JoinsGuidance = joins,
            SliceValues = slice,
            WeightBytes = weightBytes,
        };
        var config = UNetConfigReader.Read(Golden.Path("unet_tiny/config.yaml"));
        var sample = FrameLayout.ToFrames(Golden.Tensor("unet_tiny/sample.npy"));
        var audio = Golden.Tensor("unet_tiny/audio.npy");
        audio = audio.Reshape(audio.Shape[0] * audio.Shape[1], audio.Shape[2], audio.Shape[3]);
        using var runtime = TestDevice.Open();
        using var unet = new DeviceUNet(runtime, config, new CheckpointWeights(WeightSource.Of(_weights)), sample.Shape[2], audio.Shape[1], plan);
        unet.Load(Frames, guided: true, TestContext.Current.CancellationToken);
        unet.Prepare([(int)Npy.ReadInt64(Golden.Path("unet_tiny/timestep.npy"))[0]]);
        Assert.Equal(weightBytes < unet.Network.WeightBytes, unet.Network.StreamedBytes > 0);

        using var input = HostValues.UploadMap(runtime, sample, SamplerGraphs.SampleChannels);
        using var tokens = HostValues.Upload(runtime, audio);
        using var prediction = new OwnedDeviceTensor(runtime.Arena, DeviceDataType.Float32, 2 * Frames, sample.Shape[2], sample.Shape[3], 4);
        foreach (var clip in Enumerable.Range(0, joins ? 1 : 2))
        {
            // The golden run has audio in both clips, so neither is silent here.
            var (start, count) = joins ? (0, 2 * Frames) : (clip * Frames, Frames);
            var run = new UNetRun(joins ? 2 : 1, Frames, SilentClips: 0, Step: 0, tokens.Rows(start, count));
            using var feature = unet.DeepFeature(input.Rows(start, count), run);
            unet.PredictNoise(input.Rows(start, count), feature, run, prediction.Rows(start, count));
        }

        ParityTable.RelativeL2(
            $"unet_tiny/noise_pred, device, {name}",
            HostValues.DownloadMap(runtime, prediction, 4),
            FrameLayout.ToFrames(Golden.Tensor("unet_tiny/noise_pred.npy")),
            TestDevice.Limit(Limit)
        );
    }

    [Theory]
    [InlineData(20, 1.5, 3, true)]
    [InlineData(20, 1.5, 3, false)]
    [InlineData(20, 1.5, 1, true)]
    [InlineData(20, 1.0, 3, true)]
    public void Sampling_EqualsTheReference(int steps, double guidance, int cache, bool joins)
    {
        const double SamplingLimit = 1e-3;
        var plan = new UNetPlan { JoinsGuidance = joins };
        var options = new SamplerOptions(steps, (float)guidance, cache);
        var config = UNetConfigReader.Read(Golden.Path("unet_tiny/config.yaml"));
        var audio = Golden.Tensor("sampling/audio.npy");
        var (mask, masked, reference) = (Frame("mask_latents"), Frame("masked_image_latents"), Frame("ref_latents"));
        var size = mask.Shape[2];
        using var runtime = TestDevice.Open();
        using var unet = new DeviceUNet(runtime, config, new CheckpointWeights(WeightSource.Of(_weights)), size, audio.Shape[1], plan);
        unet.Load(Frames, options.UsesGuidance, TestContext.Current.CancellationToken);
        using var sampler = new DeviceClipSampler(runtime, unet, plan, size);
        sampler.Prepare(options);

        var conditions = new Tensor(Frames, 9, size, size);
        var noise = new Tensor(Frames, 4, size, size);
        var initial = FrameLayout.ToFrames(Golden.Tensor("sampling/init_noise.npy"));
        for (var frame = 0; frame < Frames; frame++)
        {
            mask.Row(frame).CopyTo(conditions.Row(frame));
            masked.Row(frame).CopyTo(conditions.Row(frame)[(size * size)..]);
            reference.Row(frame).CopyTo(conditions.Row(frame)[(5 * size * size)..]);
            initial.Row(frame % initial.Shape[0]).CopyTo(noise.Row(frame));
        }

        using var deviceConditions = HostValues.UploadMap(runtime, conditions, SamplerGraphs.ConditionChannels);
        using var deviceAudio = HostValues.Upload(runtime, audio);
        using var latents = HostValues.UploadMap(runtime, noise, 4);
        var done = 0;
        sampler.Denoise(deviceConditions, deviceAudio, latents, () => done++, TestContext.Current.CancellationToken);

        Assert.Equal(steps, done);
        var name = FormattableString.Invariant($"sampling/final_steps{steps}_g{guidance:0.0}_cache{cache}");
        ParityTable.RelativeL2(
            $"{name}, device{(joins ? string.Empty : ", halves")}",
            HostValues.DownloadMap(runtime, latents, 4),
            FrameLayout.ToFrames(Golden.Tensor(name + ".npy")),
            TestDevice.Limit(SamplingLimit)
        );

        static Tensor Frame(string part) => FrameLayout.ToFrames(Golden.Tensor($"sampling/{part}.npy"));
    }
}
