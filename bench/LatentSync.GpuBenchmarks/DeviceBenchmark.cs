using System.Diagnostics;
using LatentSync.Backends.Cuda.Memory;
using LatentSync.Backends.Cuda.Model;
using LatentSync.Backends.Cuda.OnnxRuntime;
using LatentSync.Backends.Cuda.Plans;
using LatentSync.Backends.Cuda.Runtime;
using LatentSync.Diffusion;
using LatentSync.Imaging;
using LatentSync.Tensors;

namespace LatentSync.GpuBenchmarks;

/// <summary>Times and memory of plans on a card, with made-up weights of full size.</summary>
internal sealed class DeviceBenchmark(DeviceModelParts parts, SamplerOptions sampling, int frames, int clips)
{
    private const int ByteValues = 256;
    private const int StepOfComparison = 501;

    /// <summary>What was measured of one plan.</summary>
    /// <param name="Planned">The plan and what was predicted.</param>
    /// <param name="Times">Medians over the clips but the first.</param>
    /// <param name="ArenaPeak">The most memory of our own in use at once, in bytes.</param>
    /// <param name="CardUsed">The most that was taken on the card since before the program used it, in bytes.</param>
    /// <param name="DeviceGrowth">Bytes that the memory on the card grew by from the second clip to the last.</param>
    /// <param name="HostGrowth">Bytes that the memory in the computer grew by meanwhile.</param>
    /// <param name="Streamed">Bytes of weights that are copied at every full step.</param>
    /// <param name="LoadSeconds">Time until the weights were there.</param>
    /// <param name="FirstSeconds">Time of the first clip.</param>
    /// <param name="Profile">Uses and milliseconds by graph in one clip.</param>
    /// <param name="Faces">The last clip's faces.</param>
    internal sealed record Row(
        PlannedMemory Planned,
        DeviceTimes Times,
        long ArenaPeak,
        long CardUsed,
        long DeviceGrowth,
        long HostGrowth,
        long Streamed,
        double LoadSeconds,
        double FirstSeconds,
        IReadOnlyDictionary<string, (int Uses, double Milliseconds)> Profile,
        Tensor Faces
    );

    /// <summary>One full step of the UNet, for comparing types.</summary>
    /// <returns>The predicted noise of all images.</returns>
    public float[] PredictOnce(DeviceRuntime runtime, MemoryPlan plan)
    {
        var size = parts.Resolution / LatentShape.PixelsPerLatent;
        using var unet = new DeviceUNet(runtime, parts.UNetConfig, parts.UNetWeights, size, parts.AudioTokens, plan.UNet);
        unet.Load(frames, guided: true, CancellationToken.None);
        unet.Prepare([StepOfComparison]);
        var random = new Random(1);
        using var sample = RandomTensor.Create(runtime, random, 2 * frames, size, size, SamplerGraphs.SampleChannels);
        using var audio = RandomTensor.Create(runtime, random, frames, parts.AudioTokens, parts.UNetConfig.CrossAttentionDim);
        using var prediction = new OwnedDeviceTensor(runtime.Arena, runtime.Type, 2 * frames, size, size, LatentShape.Channels);
        var halves = plan.UNet.JoinsGuidance ? 1 : 2;
        for (var half = 0; half < halves; half++)
        {
            var run = halves == 1 ? new UNetRun(2, frames, 1, 0, audio) : new UNetRun(1, frames, 1 - half, 0, half == 0 ? null : audio);
            using var feature = unet.DeepFeature(sample.Rows(half * run.Images, run.Images), run);
            unet.PredictNoise(sample.Rows(half * run.Images, run.Images), feature, run, prediction.Rows(half * run.Images, run.Images));
        }

        using var host = new PinnedBuffer(runtime.Device, prediction.Bytes);
        runtime.Device.Copy(host.Pointer, prediction.Pointer, prediction.Bytes, CopyDirection.ToHost, DeviceStream.Compute);
        runtime.Device.Synchronize();
        var values = new float[prediction.ElementCount];
        if (runtime.Type == DeviceDataType.Float16)
        {
            System.Numerics.Tensors.TensorPrimitives.ConvertToSingle(host.Span<Half>(0, values.Length), values);
        }
        else
        {
            host.Span<float>(0, values.Length).CopyTo(values);
        }

        return values;
    }

    /// <summary>The faces of one clip, for comparing types.</summary>
    public Tensor GenerateOnce(DeviceRuntime runtime, MemoryPlan plan)
    {
        using var model = new DeviceModel(runtime, parts, plan);
        model.Load(frames, sampling, CancellationToken.None);
        var (faces, audio, noise) = Inputs();
        var result = Faces();
        model.Generate(faces, audio, noise, result.Rows(), sampling, stepDone: null, CancellationToken.None);
        return result;
    }

    /// <summary>Runs a plan.</summary>
    /// <param name="runtime">The card.</param>
    /// <param name="planned">The plan.</param>
    /// <param name="arenaBudget">Bytes that the arena may take.</param>
    /// <param name="memoryUsed">Tells what the process takes of the card now, in bytes.</param>
    /// <param name="cancellationToken">Stops between two clips.</param>
    public Row Run(DeviceRuntime runtime, PlannedMemory planned, long arenaBudget, Func<long> memoryUsed, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        runtime.Arena.Budget = arenaBudget;
        using var model = new DeviceModel(runtime, parts, planned.Plan);
        model.Load(frames, sampling, cancellationToken);
        var loaded = clock.Elapsed.TotalSeconds;
        runtime.Arena.ResetPeak();
        var (faces, audio, noise) = Inputs();
        var times = new List<DeviceTimes>();
        var (used, result) = (0L, Faces());
        (long Device, long Host) second = default,
            last = default;
        for (var clip = 0; clip <= clips; clip++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var time = model.Generate(faces, audio, noise, result.Rows(), sampling, stepDone: null, cancellationToken);
            var now = (Device: memoryUsed(), Host: Environment.WorkingSet);
            used = Math.Max(used, now.Device);
            (second, last) = (clip <= 1 ? now : second, now);
            times.Add(time);
        }

        var first = times[0].Total / 1000;
        times.RemoveAt(0);
        using var profile = runtime.Profile = new DeviceProfile(runtime.Device);
        model.Generate(faces, audio, noise, result.Rows(), sampling, stepDone: null, cancellationToken);
        runtime.Profile = null;
        return new Row(
            planned,
            new DeviceTimes(Median(time => time.Encode), Median(time => time.Denoise), Median(time => time.Decode)),
            runtime.Arena.Peak,
            used,
            last.Device - second.Device,
            last.Host - second.Host,
            model.StreamedBytes,
            loaded,
            first,
            profile.Take(),
            result
        );

        double Median(Func<DeviceTimes, double> stage)
        {
            var sorted = times.Select(stage).Order().ToArray();
            return sorted.Length == 0 ? 0 : sorted[sorted.Length / 2];
        }
    }

    private Tensor Faces() => new(frames, RgbImage.Channels, parts.Resolution, parts.Resolution);

    private (List<RgbImage> Faces, Tensor Audio, Tensor Noise) Inputs()
    {
        var size = parts.Resolution / LatentShape.PixelsPerLatent;
        var random = new Random(frames);
        var faces = Enumerable
            .Range(0, frames)
            .Select(frame =>
            {
                // Smooth pictures, as faces are.
                var face = new RgbImage(parts.Resolution, parts.Resolution);
                for (var i = 0; i < face.Pixels.Length; i++)
                {
                    face.Pixels[i] = (byte)((ByteValues / 2) + (ByteValues / 3 * Math.Sin((i * 0.0021) + frame)) + (ByteValues / 8 * Math.Cos(i * 0.00013)));
                }

                return face;
            })
            .ToList();
        var audio = new Tensor(frames, parts.AudioTokens, parts.UNetConfig.CrossAttentionDim);
        foreach (ref var value in audio.Span)
        {
            value = (float)((2 * random.NextDouble()) - 1);
        }

        var shared = new ClipNoise(FrameNoise.Draw(seed: 1, frame: 0, LatentShape.Channels, size, size), seed: 1, frameShare: 0);
        return (faces, audio, shared.Draw(0, frames));
    }
}
