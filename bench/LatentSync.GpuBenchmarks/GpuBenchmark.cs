using System.Diagnostics;
using LatentSync.Backends.Cuda;
using LatentSync.Backends.Cuda.Memory;
using LatentSync.Backends.Cuda.Model;
using LatentSync.Backends.Cuda.Monitoring;
using LatentSync.Backends.Cuda.Plans;
using LatentSync.Backends.Cuda.Runtime;
using LatentSync.Diffusion;
using LatentSync.Pipeline.FileJob;
using LatentSync.Pipeline.Stages;
using LatentSync.Progress;
using LatentSync.Tensors;

namespace LatentSync.GpuBenchmarks;

/// <summary>Measures the full-size networks, with made-up weights, on a card.</summary>
public static class GpuBenchmark
{
    private const double Range = 2;
    private const int DefaultResolution = 512;

    // Of 10^12 per second.
    private const double OperationsPerMillisecond = 1e9;

    /// <summary>Runs each plan.</summary>
    /// <param name="options">What is measured.</param>
    /// <param name="notice">Told what is going on, a line at a time.</param>
    /// <param name="cancellationToken">Gives up between two clips.</param>
    /// <exception cref="LipSyncException">The card cannot be used.</exception>
    public static IReadOnlyList<GpuBenchmarkRow> Run(GpuBenchmarkOptions options, Action<string> notice, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(notice);
        using var thread = new DeviceThread();
        try
        {
            return thread.Invoke(() => Measure(options, notice, cancellationToken));
        }
        catch (DeviceMemoryException error)
        {
            throw DeviceEngine.TooLittleToStart(error);
        }
    }

    /// <summary>Lip-syncs a video with the full-size networks and made-up weights; the result's mouths are noise, its times are real.</summary>
    /// <param name="request">What to sync to what, and how.</param>
    /// <param name="engine">Card, memory budget and notices; its model folder is not used.</param>
    /// <param name="cancellationToken">Stops within a second.</param>
    /// <exception cref="LipSyncException">The card cannot be used, or the job failed.</exception>
    public static async Task<LipSyncResult> RunJobAsync(LipSyncRequest request, LipSyncEngineOptions engine, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(engine);
        var parts = SyntheticNetworks.Create(engine.Resolution ?? DefaultResolution);
        using var device = new DeviceEngine(parts, engine);
        var options = request.Options;
        var times = new WorkTimes();
        var size = parts.Resolution / LatentShape.PixelsPerLatent;
        var noise = new ClipNoise(FrameNoise.Draw(options.Sampling.Seed, frame: 0, LatentShape.Channels, size, size));
        var sampling = new SamplerOptions(options.Sampling.InferenceSteps, (float)options.Sampling.LipsExpression, options.Sampling.CacheInterval);
        var generator = device.CreateGenerator(options.Sampling.NumFrames, noise, sampling, times, cancellationToken);
        var faces = new FaceFinder(engine.InsightFaceFolder, FaceFinder.ChooseFramesAtOnce(onCard: true, Environment.ProcessorCount));
        var job = new LipSyncJob(request, new SyntheticAudioEncoder(), generator, faces, progress: null, times);
        var result = await job.RunAsync(cancellationToken).ConfigureAwait(false);
        device.DescribeEnd();
        return result with { PeakDeviceBytes = device.PeakBytes };
    }

    private static List<GpuBenchmarkRow> Measure(GpuBenchmarkOptions options, Action<string> notice, CancellationToken cancellationToken)
    {
        var parts = SyntheticNetworks.Create(options.Resolution);
        var sampling = new SamplerOptions(options.InferenceSteps, (float)options.LipsExpression, options.CacheInterval);
        var benchmark = new DeviceBenchmark(parts, sampling, options.NumFrames, options.Clips);
        using var device = new CudaDevice(options.Card);
        (float[] Step, Tensors.Tensor Faces)? exact = options.ComparesTypes ? Exact(device, benchmark, parts, notice) : null;
        using var player = DeviceEngine.OpenPlayer(device, parts, options.Precision.DataType(), !options.OnlyGeneralKernels);
        using var probe = GpuMonitor.OpenProbe(device.PciBusId, NvmlLibrary.DefaultPaths, out var problem);
        var others = probe.Read() is { ProcessBytes: null } reading ? reading.UsedBytes : 0;
        var answer = problem ?? $"NVML answers";
        notice(
            Invariant($"{device.Name}, {device.MultiprocessorCount} multiprocessors, {device.Memory.Total >> 20} MiB; ")
                + Invariant($"{player.Traits.Type}; {answer}")
        );
        var limit = CardLimit.MeasureTeraFlops(player, CardLimit.SideFor(device.Memory.Free, player.Traits.Type));
        notice(Invariant($"A product of large matrices runs at {limit:0} TFLOP/s."));
        var planner = new MemoryPlanner(parts, player.Traits, sampling, options.NumFrames);
        var rows = new List<GpuBenchmarkRow>();
        Tensors.Tensor? first = null;
        foreach (var (budget, planned) in Plans(options, planner, notice))
        {
            notice(
                Invariant(
                    $"{planned.Plan.Name}: {planned.ArenaBytes >> 20} MiB of our own predicted, {planned.Layout.Weights.Bytes >> 20} MiB of it for weights"
                )
            );
            var arenaBudget = budget > 0 ? budget - MemoryBudget.ContextBytes : long.MaxValue;
            DeviceBenchmark.Row row;
            try
            {
                row = benchmark.Run(player, planned, arenaBudget, options.WithProfile, Used, cancellationToken);
            }
            catch (DeviceMemoryException error)
            {
                notice($"  failed: {error.Message}");
                continue;
            }

            first ??= row.Faces;
            rows.Add(
                Row(options, budget, row, OperationCount.OfClip(planned.Layout, sampling), limit) with
                {
                    PsnrToFirst = row.Faces == first ? null : Psnr(row.Faces, first),
                    StepError = exact is null ? null : Error(benchmark.PredictOnce(player, planned.Plan), exact.Value.Step),
                    PsnrToFloat32 = exact is null ? null : Psnr(row.Faces, exact.Value.Faces),
                }
            );
            notice(
                Invariant($"  {rows[^1].FramesPerSecond:0.00} frames per second, {rows[^1].MeasuredBytes >> 20} MiB of the card, ")
                    + Invariant($"{rows[^1].MeasuredArenaBytes >> 20} MiB of our own")
            );
        }

        return rows;

        long Used() => probe.Read() is var now ? now.ProcessBytes ?? (now.UsedBytes - others) : 0;
    }

    private static IEnumerable<(long Budget, PlannedMemory Planned)> Plans(GpuBenchmarkOptions options, MemoryPlanner planner, Action<string> notice)
    {
        var chosen =
            options.Budgets.Count + options.Plans.Count == 0
                ? MemoryPlan.Ladder
                : MemoryPlan.Ladder.Where(plan => options.Plans.Contains(plan.Name, StringComparer.Ordinal));
        foreach (var plan in chosen)
        {
            yield return (0, planner.Measure(plan));
        }

        foreach (var gibibytes in options.Budgets)
        {
            var budget = (long)(gibibytes * (1L << 30));
            if (planner.Choose(budget > 0 ? budget - MemoryBudget.ContextBytes : long.MaxValue) is { } planned)
            {
                yield return (budget, planned);
            }
            else
            {
                notice(MemoryBudget.TooSmall(planner, budget).Message);
            }
        }
    }

    private static GpuBenchmarkRow Row(GpuBenchmarkOptions options, long budget, DeviceBenchmark.Row row, long operations, double limit) =>
        new()
        {
            Plan = row.Planned.Plan.Name,
            Budget = budget,
            EncodeMilliseconds = row.Times.Encode,
            DenoiseMilliseconds = row.Times.Denoise,
            DecodeMilliseconds = row.Times.Decode,
            FramesPerSecond = options.NumFrames / row.Times.Total * TimeSpan.MillisecondsPerSecond,
            TeraFlops = operations / row.Times.Total / OperationsPerMillisecond,
            LimitTeraFlops = limit,
            PredictedBytes = row.Planned.ArenaBytes + MemoryBudget.ContextBytes,
            MeasuredBytes = row.CardUsed,
            PredictedArenaBytes = row.Planned.ArenaBytes,
            MeasuredArenaBytes = row.ArenaPeak,
            StreamedBytes = row.Streamed,
            LoadSeconds = row.LoadSeconds,
            FirstClipSeconds = row.FirstSeconds,
            DeviceGrowth = row.DeviceGrowth,
            HostGrowth = row.HostGrowth,
            Profile =
            [
                .. row.Profile.OrderByDescending(graph => graph.Value.Milliseconds).Select(graph => (graph.Key, graph.Value.Uses, graph.Value.Milliseconds)),
            ],
        };

    private static (float[] Step, Tensors.Tensor Faces) Exact(CudaDevice device, DeviceBenchmark benchmark, DeviceModelParts parts, Action<string> notice)
    {
        var clock = Stopwatch.StartNew();
        using var player = DeviceEngine.OpenPlayer(device, parts, DeviceDataType.Float32);
        var step = benchmark.PredictOnce(player, MemoryPlan.Ladder[0]);
        var faces = benchmark.GenerateOnce(player, MemoryPlan.Ladder[0]);
        notice(Invariant($"a step and a clip in float32 after {clock.Elapsed.TotalSeconds:0.0} s"));
        return (step, faces);
    }

    private static double Error(float[] values, float[] exact)
    {
        double difference = 0,
            size = 0;
        for (var i = 0; i < values.Length; i++)
        {
            difference += Math.Pow(values[i] - exact[i], 2);
            size += Math.Pow(exact[i], 2);
        }

        return Math.Sqrt(difference / size);
    }

    private static double Psnr(Tensors.Tensor left, Tensors.Tensor right)
    {
        double sum = 0;
        for (var i = 0; i < left.Length; i++)
        {
            sum += Math.Pow(Math.Clamp(left.Span[i], -1, 1) - Math.Clamp(right.Span[i], -1, 1), 2);
        }

        return 10 * Math.Log10(Range * Range * left.Length / Math.Max(sum, double.Epsilon));
    }
}
