using System.Diagnostics;
using LatentSync.Backends.Cpu;
using LatentSync.Checkpoints.Tensors;
using LatentSync.Networks.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace LatentSync.NetworkBenchmark;

/// <summary>One network with inputs of random numbers.</summary>
internal sealed class NetworkRun : IDisposable
{
    private readonly InferenceSession _session;
    private readonly string[] _names;
    private readonly OrtValue[] _inputs;
    private readonly string _output;
    private readonly bool _isProfiled;
    private readonly List<double> _wall = [];
    private readonly List<double> _processor = [];

    /// <summary>Opens the network as the engine does.</summary>
    /// <param name="title">What it is called in the table.</param>
    /// <param name="graph">The graph.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="output">The output.</param>
    /// <param name="frames">Frames that a run computes, for the time per frame.</param>
    /// <param name="profile">Where the profile goes, if it is wanted.</param>
    /// <param name="inputs">Inputs and their shapes.</param>
    public NetworkRun(
        string title,
        NetworkGraph graph,
        WeightSource weights,
        string output,
        int frames,
        string? profile,
        params (string Name, int[] Shape)[] inputs
    )
    {
        Title = title;
        Frames = frames;
        using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, IntraOpNumThreads = Environment.ProcessorCount };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        options.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", Path.GetDirectoryName(weights.RealPath)!);
        if (profile is not null)
        {
            options.ProfileOutputPathPrefix = Path.Combine(profile, title.Replace(' ', '_'));
            options.EnableProfiling = true; // takes the prefix as it is now
        }

        _session = new InferenceSession(WeightBinder.Bind(graph, weights), options);
        _output = output;
        _isProfiled = profile is not null;
        _names = [.. inputs.Select(input => input.Name)];
        var random = new Random(1);
        _inputs =
        [
            .. inputs.Select(input =>
            {
                var values = new float[input.Shape.Aggregate(1, (a, b) => a * b)];
                foreach (ref var value in values.AsSpan())
                {
                    value = (2 * random.NextSingle()) - 1;
                }

                return OrtValue.CreateTensorValueFromMemory(values, [.. input.Shape.Select(length => (long)length)]);
            }),
        ];
    }

    /// <summary>The name in the table.</summary>
    public string Title { get; }

    /// <summary>Frames in a run.</summary>
    public int Frames { get; }

    /// <summary>Median of the seconds of a run.</summary>
    public double Wall => Median(_wall);

    /// <summary>Median of the processor's seconds of a run, all cores together.</summary>
    public double Processor => Median(_processor);

    /// <summary>Runs it once, and keeps the time unless it is the first.</summary>
    public void Run(bool keep)
    {
        using var options = new RunOptions();
        using var process = Process.GetCurrentProcess();
        var (before, clock) = (process.TotalProcessorTime, Stopwatch.StartNew());
        using (_session.Run(options, _names, _inputs, [_output]))
        {
            clock.Stop();
        }

        process.Refresh();
        if (keep)
        {
            _wall.Add(clock.Elapsed.TotalSeconds);
            _processor.Add((process.TotalProcessorTime - before).TotalSeconds);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var value in _inputs)
        {
            value.Dispose();
        }

        if (_isProfiled)
        {
            _session.EndProfiling();
        }

        _session.Dispose();
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
