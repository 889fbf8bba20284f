using LatentSync.Tensors;
using Microsoft.ML.OnnxRuntime;

namespace LatentSync.Faces;

/// <summary>
/// A small network with one input, run on one core of the CPU. Input and outputs are bound once; a run allocates nothing.
/// </summary>
internal sealed class FaceNetwork : IDisposable
{
    private readonly string _path;
    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions;
    private readonly OrtIoBinding _binding;
    private readonly List<OrtValue> _values = [];

    /// <summary>Loads the network.</summary>
    /// <param name="path">The ONNX file.</param>
    /// <param name="inputShape">The shape to run it with.</param>
    /// <param name="outputs">Its outputs with the shapes they have then; empty names stand for the file's own names, in the file's order.</param>
    /// <exception cref="LipSyncException">InvalidModel: the file is damaged, or another network.</exception>
    public FaceNetwork(string path, int[] inputShape, params (string Name, int[] Shape)[] outputs)
    {
        _path = path;
        Input = new Tensor(inputShape);
        Outputs = Array.ConvertAll(outputs, output => new Tensor(output.Shape));
        try
        {
            using var options = CreateOptions();
            _session = new InferenceSession(path, options);
        }
        catch (OnnxRuntimeException exception)
        {
            throw Unfit(exception);
        }

        _runOptions = new RunOptions();
        try
        {
            _binding = _session.CreateIoBinding();
            if (_session.InputNames.Count != 1 || _session.OutputNames.Count != outputs.Length)
            {
                throw Unfit(null);
            }

            _binding.BindInput(_session.InputNames[0], Bind(Input));
            for (var i = 0; i < outputs.Length; i++)
            {
                var name = outputs[i].Name.Length > 0 ? outputs[i].Name : _session.OutputNames[i];
                _binding.BindOutput(name, Bind(Outputs[i]));
            }

            // The first run settles ONNX Runtime's buffers and shows whether the shapes are the network's.
            _session.RunWithBinding(_runOptions, _binding);
        }
        catch (OnnxRuntimeException exception)
        {
            Dispose();
            throw Unfit(exception);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Fill before <see cref="Run"/>.</summary>
    public Tensor Input { get; }

    /// <summary>The results of the last <see cref="Run"/>.</summary>
    public IReadOnlyList<Tensor> Outputs { get; }

    /// <summary>Computes <see cref="Outputs"/> from <see cref="Input"/>.</summary>
    /// <exception cref="LipSyncException">InferenceFailed.</exception>
    public void Run()
    {
        try
        {
            _session.RunWithBinding(_runOptions, _binding);
        }
        catch (OnnxRuntimeException exception)
        {
            throw new LipSyncException(
                LipSyncErrorCode.InferenceFailed,
                $"The face network \"{_path}\" failed to run ({exception.Message}); try again with more free memory.",
                exception
            )
            {
                Path = _path,
            };
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _binding?.Dispose();
        foreach (var value in _values)
        {
            value.Dispose();
        }

        _runOptions.Dispose();
        _session.Dispose();
    }

    /// <summary>
    /// One thread: two networks with a pool each, spinning while they wait, take twice as long on a small machine.
    /// </summary>
    private static SessionOptions CreateOptions()
    {
        var options = new SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        options.AddSessionConfigEntry("session.inter_op.allow_spinning", "0");
        return options;
    }

    private OrtValue Bind(Tensor tensor)
    {
        var value = OrtValue.CreateTensorValueFromMemory(tensor.Data, [.. tensor.Shape.Select(length => (long)length)]);
        _values.Add(value);
        return value;
    }

    private LipSyncException Unfit(Exception? exception) =>
        new(
            LipSyncErrorCode.InvalidModel,
            $"The face network \"{_path}\" cannot be used: it is damaged or another network; put the right file there or build the project again.",
            exception
        )
        {
            Path = _path,
            Detail = exception?.Message,
        };
}
