using LatentSync.Checkpoints.Tensors;
using LatentSync.Networks.Onnx;
using LatentSync.Tensors;
using Microsoft.ML.OnnxRuntime;

namespace LatentSync.Backends.Cpu;

/// <summary>A graph with its weights, ready to run on the CPU. Calls from several threads are allowed.</summary>
internal sealed class NetworkSession : IDisposable
{
    private readonly InferenceSession _session;
    private readonly string _name;

    /// <summary>Opens the session; this reads the weights.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="cancellationToken">Gives up, where ONNX Runtime looks: between two passes over the graph and two weights.</param>
    /// <exception cref="LipSyncException">ONNX Runtime refuses the graph or cannot read the weights.</exception>
    public NetworkSession(NetworkGraph graph, WeightSource weights, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _name = graph.Model.Graph.Name;
        using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, IntraOpNumThreads = Environment.ProcessorCount };

        // Waiting threads would otherwise spin and take the cores from decoding, face detection and encoding.
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        options.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", Path.GetDirectoryName(weights.RealPath)!);
        using var registration = cancellationToken.Register(() => options.SetLoadCancellationFlag(true));
        try
        {
            _session = new InferenceSession(WeightBinder.Bind(graph, weights), options);
        }
        catch (OnnxRuntimeException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (OnnxRuntimeException error)
        {
            throw new LipSyncException(LipSyncErrorCode.InferenceFailed, $"ONNX Runtime could not load {_name} from \"{weights.Path}\": {error.Message}", error)
            {
                Path = weights.Path,
            };
        }
    }

    /// <summary>Runs the graph.</summary>
    /// <param name="inputs">Every input of the graph by name.</param>
    /// <param name="output">Name of the wanted output.</param>
    /// <param name="cancellationToken">Stops the run between two operators.</param>
    public Tensor Run(ReadOnlySpan<(string Name, Tensor Value)> inputs, string output, CancellationToken cancellationToken) =>
        Run(inputs, [output], cancellationToken)[0];

    /// <summary>Runs the graph; its output goes where the caller wants it.</summary>
    /// <param name="inputs">Every input of the graph by name.</param>
    /// <param name="output">Name of the wanted output.</param>
    /// <param name="destination">Of the output's shape.</param>
    /// <param name="cancellationToken">Stops the run between two operators.</param>
    public void Run(ReadOnlySpan<(string Name, Tensor Value)> inputs, string output, Tensor destination, CancellationToken cancellationToken)
    {
        using var value = Wrap(destination);
        Run(inputs, (options, names, values) => _session.Run(options, names, values, [output], [value]), cancellationToken);
    }

    /// <summary>Runs the graph for several outputs; the results come in the order of <paramref name="outputs"/>.</summary>
    /// <param name="inputs">Every input of the graph by name.</param>
    /// <param name="outputs">Names of the wanted outputs.</param>
    /// <param name="cancellationToken">Stops the run between two operators.</param>
    public Tensor[] Run(ReadOnlySpan<(string Name, Tensor Value)> inputs, string[] outputs, CancellationToken cancellationToken)
    {
        Tensor[] copies = [];
        Run(
            inputs,
            (options, names, values) =>
            {
                using var results = _session.Run(options, names, values, outputs);
                copies = [.. results.Select(Copy)];
            },
            cancellationToken
        );
        return copies;
    }

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();

    private void Run(ReadOnlySpan<(string Name, Tensor Value)> inputs, Action<RunOptions, string[], OrtValue[]> run, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var names = new string[inputs.Length];
        var values = new OrtValue[inputs.Length];
        try
        {
            for (var i = 0; i < inputs.Length; i++)
            {
                names[i] = inputs[i].Name;
                values[i] = Wrap(inputs[i].Value);
            }

            using var runOptions = new RunOptions();
            using var registration = cancellationToken.Register(() => runOptions.Terminate = true);
            run(runOptions, names, values);
        }
        catch (OnnxRuntimeException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (OnnxRuntimeException error)
        {
            throw new LipSyncException(LipSyncErrorCode.InferenceFailed, $"ONNX Runtime failed in {_name}: {error.Message}", error);
        }
        finally
        {
            foreach (var value in values)
            {
                value?.Dispose();
            }
        }
    }

    private static OrtValue Wrap(Tensor tensor) => OrtValue.CreateTensorValueFromMemory(tensor.Data, [.. tensor.Shape.Select(length => (long)length)]);

    private static Tensor Copy(OrtValue value)
    {
        int[] shape = [.. value.GetTensorTypeAndShape().Shape.Select(length => checked((int)length))];
        return new Tensor(value.GetTensorDataAsSpan<float>().ToArray(), shape);
    }
}
