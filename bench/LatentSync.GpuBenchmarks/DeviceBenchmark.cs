using System.Diagnostics;
using System.Runtime.InteropServices;
using LatentSync.Backends.Cuda.Execution;
using LatentSync.Backends.Cuda.Launching;
using LatentSync.Backends.Cuda.Model;
using LatentSync.Backends.Cuda.Plans;
using LatentSync.Diffusion;
using LatentSync.Imaging;
using LatentSync.Networks.UNet;
using LatentSync.Tensors;

namespace LatentSync.GpuBenchmarks;

/// <summary>Times and memory of plans on a card, with made-up weights of full size.</summary>
internal sealed class DeviceBenchmark(DeviceModelParts parts, SamplerOptions sampling, int frames, int clips)
{
    private const int ByteValues = 256;
    private const int StepOfComparison = 501;
    private const float Guided = 1.5f;

    // Of uniform numbers in -width..width the variance is width^2 / 3.
    private const float UnitVariance = 1.7320508f;

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
    /// <param name="Profile">Uses and milliseconds by operation in one clip; empty if not measured.</param>
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
    public float[] PredictOnce(ILaunchPlayer player, MemoryPlan plan)
    {
        var layout = new ClipLayout(parts, player.Traits, plan, frames, sampling with { GuidanceScale = Guided });
        player.Load(layout.ScratchBytes, layout.Weights, CancellationToken.None);
        var (lists, shape) = (layout.Lists, layout.Shape);
        var (sound, halves) = (player.Prepare(lists.UNet.Prelude), lists.Halves(isGuided: true).Select(half => player.Prepare(half.Full)).ToList());
        var projections = new TimeProjections(parts.UNetWeights, parts.UNetConfig, [StepOfComparison]);
        var pixels = shape.Frames * shape.LatentPixels;
        Write(LaunchDialect.Time, [.. lists.UNet.Layout.Layers.SelectMany(layer => projections.Project(layer)[0])]);
        Write(LaunchDialect.FrameCount, [shape.Frames]);
        Write(UNetGraphs.Sample, RandomNumbers.Create(pixels * ClipLaunchLists.SampleColumns, seed: 1, UnitVariance));
        Write(UNetLaunchLists.Audio, RandomNumbers.Create(shape.Frames * shape.AudioTokens * parts.UNetConfig.CrossAttentionDim, seed: 2, UnitVariance));
        sound.Play();
        halves.ForEach(half => half.Play());
        var noise = new float[2 * pixels * LatentShape.Channels];
        if (halves.Count == 1)
        {
            player.Read(UNetLaunchLists.NoisePrediction, [noise]);
        }
        else
        {
            player.Read(UNetLaunchLists.SilentNoisePrediction, [noise.AsMemory(..(noise.Length / 2))]);
            player.Read(UNetLaunchLists.NoisePrediction, [noise.AsMemory(noise.Length / 2)]);
        }

        player.Unload();
        return noise;

        void Write(string name, ReadOnlySpan<float> values) => player.Write(name, MemoryMarshal.AsBytes(values));
    }

    /// <summary>The faces of one clip, for comparing types.</summary>
    public Tensor GenerateOnce(ILaunchPlayer player, MemoryPlan plan)
    {
        using var model = new DeviceModel(player, new ClipLayout(parts, player.Traits, plan, frames, sampling), CancellationToken.None);
        var (faces, audio, noise) = Inputs();
        var result = Faces();
        model.Generate(faces, audio, noise, result.Rows(), sampling, stepDone: null, CancellationToken.None);
        return result;
    }

    /// <summary>Runs a plan.</summary>
    /// <param name="player">The card.</param>
    /// <param name="planned">The plan.</param>
    /// <param name="arenaBudget">Bytes that the arena may take.</param>
    /// <param name="withProfile">Whether each operation is measured too.</param>
    /// <param name="memoryUsed">Tells what the process takes of the card now, in bytes.</param>
    /// <param name="cancellationToken">Stops between two clips.</param>
    public Row Run(CudaPlayer player, PlannedMemory planned, long arenaBudget, bool withProfile, Func<long> memoryUsed, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        var arena = player.Card.Arena;
        arena.Budget = arenaBudget;
        arena.ResetPeak();
        var times = new List<DeviceTimes>();
        var (used, result, loaded) = (0L, Faces(), 0.0);
        (long Device, long Host) second = default,
            last = default;
        using (var model = new DeviceModel(player, planned.Layout, cancellationToken))
        {
            loaded = clock.Elapsed.TotalSeconds;
            var (faces, audio, noise) = Inputs();
            for (var clip = 0; clip <= clips; clip++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                times.Add(model.Generate(faces, audio, noise, result.Rows(), sampling, stepDone: null, cancellationToken));
                var now = (Device: memoryUsed(), Host: Environment.WorkingSet);
                used = Math.Max(used, now.Device);
                (second, last) = (clip <= 1 ? now : second, now);
            }
        }

        var first = times[0].Total / 1000;
        times.RemoveAt(0);
        return new Row(
            planned,
            new DeviceTimes(Median(time => time.Encode), Median(time => time.Denoise), Median(time => time.Decode)),
            arena.Peak,
            used,
            last.Device - second.Device,
            last.Host - second.Host,
            planned.Layout.Weights.StreamedBytes,
            loaded,
            first,
            withProfile ? new ClipProfile(player, planned.Layout).Measure(sampling) : new Dictionary<string, (int, double)>(StringComparer.Ordinal),
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

        var shared = new ClipNoise(FrameNoise.Draw(seed: 1, frame: 0, LatentShape.Channels, size, size));
        return (faces, audio, shared.Repeat(frames));
    }
}
