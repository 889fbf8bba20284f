using System.Diagnostics;
using LatentSync.Backends.Cuda.Execution;
using LatentSync.Backends.Cuda.Launching;
using LatentSync.Backends.Cuda.Launching.Lists;
using LatentSync.Backends.Cuda.Launching.Operations;
using LatentSync.Backends.Cuda.Memory;
using LatentSync.Backends.Cuda.Model;
using LatentSync.Checkpoints.Config;
using LatentSync.GpuBenchmarks;
using LatentSync.Networks.Vae;

namespace LatentSync.CudaTrial;

/// <summary>The public networks at 512 px, 16 frames, guidance on, with made-up weights.</summary>
internal sealed class NetworkTrial(Trial trial, bool withoutFloat32, bool withProfile)
{
    private const int Frames = 16;
    private const int Side = 512;
    private const int LatentSide = Side / 8;
    private const int AudioTokens = 50;
    private const int Timestep = 501;
    private const int Steps = 20;
    private const int CacheInterval = 3;
    private const int FullSteps = 7;
    private const int CachedSteps = Steps - FullSteps;
    private const int Clips = 3;
    private const int ClipRepeats = 5;
    private const int MaskedList = 5;
    private const int SamplerList = 7;
    private const int Repeats = 5;
    private const double StepLimit = 3e-3;

    private readonly UNetConfig _config = UNetConfig.Public(384);
    private readonly IWeightReader _weights = new SyntheticWeights();

    public bool Run()
    {
        var (noise, moments, image) = Measure();
        if (withoutFloat32)
        {
            return true;
        }

        var (exactNoise, exactMoments, exactImage) = Compute(DeviceDataType.Float32, (_, _) => { });
        Console.WriteLine(
            FormattableString.Invariant($"error of float16 to float32: full step {Trial.Error(noise, exactNoise):E2}, ")
                + FormattableString.Invariant($"encoder {Trial.Error(moments, exactMoments):E2}, decoder {Trial.Error(image, exactImage):E2}")
        );
        return Trial.Error(noise, exactNoise) <= StepLimit;
    }

    private static float[] Random(int count, int seed, float width = 1.7320508f)
    {
        var random = new Random(seed);
        var values = new float[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = ((random.NextSingle() * 2) - 1) * width;
        }

        return values;
    }

    private (float[] Noise, float[] Moments, float[] Image) Measure() => Compute(DeviceDataType.Float16, (player, lists) =>
        {
            var (prelude, full, cached, encoder, decoder) = (lists[0], lists[1], lists[2], lists[3], lists[4]);
            Console.WriteLine(
                FormattableString.Invariant($"memory: weights {player.Weights.Bytes >> 20} MiB, scratch {player.ScratchBytes >> 20} MiB, ")
                    + FormattableString.Invariant($"arena {player.Card.Arena.Committed >> 20} MiB, ")
                    + FormattableString.Invariant($"in use on the card {(player.Card.Device.Memory.Total - player.Card.Device.Memory.Free) >> 20} MiB")
            );
            foreach (var list in lists.Take(MaskedList))
            {
                var layout = new ScratchLayout(list.List);
                List<double> times = [.. Enumerable.Range(0, Repeats).Select(_ => player.Card.Timer.Once(list.Play)).Order()];
                Console.WriteLine(
                    FormattableString.Invariant($"{list.List.Name}: {times[Repeats / 2]:F2} ms (best {times[0]:F2}), {list.Steps.Count} operations, ")
                        + FormattableString.Invariant($"scratch {layout.Bytes >> 20} MiB, live {layout.LiveBytes >> 20} MiB")
                );
            }

            var clock = Stopwatch.StartNew();
            full.Play();
            var queued = clock.Elapsed.TotalMilliseconds;
            player.Card.Device.Synchronize();
            Console.WriteLine(FormattableString.Invariant($"queueing a full step takes the CPU {queued:F2} ms"));
            Console.WriteLine(FormattableString.Invariant($"full step, sustained over 30: {player.Card.Timer.Once(() => Repeat(full.Play, 30)) / 30:F2} ms"));
            for (var i = 0; i < Clips; i++)
            {
                var clip = player.Card.Timer.Once(() => Repeat(PlayClip, ClipRepeats)) / ClipRepeats;
                Console.WriteLine(FormattableString.Invariant($"clip, {ClipRepeats} in a row: {clip:F1} ms, {Frames / clip * 1000:F2} frames/s"));
            }

            void PlayClip()
            {
                encoder.Play();
                lists[MaskedList].Play();
                encoder.Play();
                lists[MaskedList + 1].Play();
                prelude.Play();
                for (var step = 0; step < Steps; step++)
                {
                    (step % CacheInterval == 0 ? full : cached).Play();
                    lists[SamplerList].Play();
                }

                lists[SamplerList + 1].Play();
                decoder.Play();
            }

            if (withProfile)
            {
                Profile(player, full, FullSteps);
                Profile(player, cached, CachedSteps);
                Profile(player, encoder, 2);
                Profile(player, decoder, 1);
            }
        });

    private static void Repeat(Action play, int times)
    {
        for (var i = 0; i < times; i++)
        {
            play();
        }
    }

    private static void Profile(CudaPlayer player, PreparedList list, int perClip)
    {
        var times = new Dictionary<string, (int Count, double Time)>(StringComparer.Ordinal);
        foreach (var (operation, step) in list.List.Operations.Zip(list.Steps))
        {
            step();
            var time = Math.Min(player.Card.Timer.Once(step), player.Card.Timer.Once(step));
            var kind = Kind(operation);
            var (count, sum) = times.GetValueOrDefault(kind);
            times[kind] = (count + 1, sum + time);
        }

        Console.WriteLine(FormattableString.Invariant($"{list.List.Name}, {perClip} a clip, sum {times.Values.Sum(entry => entry.Time):F2} ms:"));
        foreach (var (kind, (count, time)) in times.OrderByDescending(entry => entry.Value.Time).Take(45))
        {
            Console.WriteLine(FormattableString.Invariant($"  {time, 8:F3} ms {count, 4} x {time / count:F4} {kind}"));
        }
    }

    private static string Kind(LaunchOperation operation) =>
        operation switch
        {
            ProductOperation product => FormattableString.Invariant($"product {product.X.RowCount}x{product.X.Width}x{product.W.RowCount} ")
                + $"{(product.Bias is null ? "" : "bias ")}{(product.Residual is null ? "" : "residual")}{(product.Batch > 1 ? "batch" : "")}",
            ConvolutionOperation convolution => FormattableString.Invariant(
                $"convolution {convolution.Window.Images}x{convolution.Window.Side} {convolution.X.Width} -> "
            ) + FormattableString.Invariant($"{convolution.Y.Width} kernel {convolution.Window.Kernel}"),
            AttentionOperation attention => FormattableString.Invariant(
                $"attention {attention.Images} {attention.Queries} {attention.Keys} {attention.HeadWidth}"
            ),
            TemporalAttentionOperation attention => FormattableString.Invariant($"temporal attention {attention.Pixels} {attention.HeadWidth}"),
            ChannelSumsOperation sums => FormattableString.Invariant($"sums {sums.X.Channels}@{sums.X.Side}"),
            AddBiasOperation add => FormattableString.Invariant($"bias {add.X.Channels}@{add.X.Side}"),
            NormCoefficientsOperation norm => FormattableString.Invariant($"coefficients @{norm.Sources[0].Map.Side}"),
            ApplyNormOperation apply => FormattableString.Invariant($"norm {apply.Y.Channels}@{apply.Y.Side}"),
            LayerNormOperation norm => FormattableString.Invariant($"layer norm {norm.X.Width}x{norm.X.RowCount}"),
            GatedGeluOperation gelu => FormattableString.Invariant($"gated gelu {gelu.Y.Width}x{gelu.Y.RowCount}"),
            _ => operation.GetType().Name,
        };

    private (float[] Noise, float[] Moments, float[] Image) Compute(DeviceDataType type, Action<CudaPlayer, IReadOnlyList<PreparedList>> measure)
    {
        var clock = Stopwatch.StartNew();
        var lists = new UNetLaunchLists(_config, type, new LaunchShape(Frames, 1, IsGuided: true), LatentSide, AudioTokens);
        var encoder = VaeLaunchLists.Encoder(VaeConfig.StableDiffusion, type, Frames, Side);
        var decoder = VaeLaunchLists.Decoder(VaeConfig.StableDiffusion, type, Frames, LatentSide);
        using var player = trial.Open(_weights, type);
        Console.WriteLine(
            FormattableString.Invariant($"{type}: CUDA {player.Toolkit.Release.Major}, cuBLASLt {player.Toolkit.CublasLt.Version}, ")
                + FormattableString.Invariant($"cuDNN {player.Toolkit.Cudnn.Version} (for CUDA {player.Toolkit.Cudnn.CudaVersion}), ")
                + FormattableString.Invariant(
                    $"{player.Compiler.CompiledCount} sources compiled, {player.Card.Plans.Count} plans known; opened in {clock.Elapsed.TotalSeconds:F1} s"
                )
        );
        var clip = new ClipLaunchLists(new LaunchShape(Frames, 1, IsGuided: true), LatentSide, (float)VaeConfig.StableDiffusion.ScalingFactor);
        var prepared = player.Prepare(
            [
                lists.Prelude,
                lists.Full,
                lists.Cached,
                encoder,
                decoder,
                clip.PlaceMasked(),
                clip.PlaceReference(),
                clip.Step(1.5f, (1.01f, -0.02f)),
                clip.Finish(),
            ],
            CancellationToken.None
        );
        Console.WriteLine(FormattableString.Invariant($"prepared after {clock.Elapsed.TotalSeconds:F1} s, {player.Card.Plans.Count} plans known"));
        var projections = new TimeProjections(_weights, _config, [Timestep]);
        player.Write(LaunchDialect.Time, [.. lists.Layout.Layers.SelectMany(layer => projections.Project(layer)[0])]);
        player.Write(UNetLaunchLists.Sample, Random(Frames * LatentSide * LatentSide * 13, 1));
        player.Write(UNetLaunchLists.Audio, Random(Frames * AudioTokens * 384, 2));
        player.Write(VaeGraphs.Image, Random(Frames * Side * Side * 3, 3, 1));
        player.Write(VaeGraphs.Latents, Random(Frames * LatentSide * LatentSide * 4, 4));
        prepared[0].Play();
        prepared[1].Play();
        var noise = player.Read(UNetLaunchLists.NoisePrediction, 2 * Frames * LatentSide * LatentSide * 4);
        prepared[3].Play();
        var moments = player.Read(VaeGraphs.Moments, Frames * LatentSide * LatentSide * 8);
        prepared[4].Play();
        var image = player.Read(VaeGraphs.Image, Frames * Side * Side * 3);
        measure(player, prepared);
        return (noise, moments, image);
    }
}
