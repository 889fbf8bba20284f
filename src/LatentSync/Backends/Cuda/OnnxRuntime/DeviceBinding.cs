using LatentSync.Backends.Cuda.Memory;
using LatentSync.Backends.Cuda.OnnxRuntime.Graphs;
using LatentSync.Backends.Cuda.Runtime;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace LatentSync.Backends.Cuda.OnnxRuntime;

/// <summary>One use of a session: where its inputs, outputs and weights lie.</summary>
internal sealed class DeviceBinding(DeviceSession session, OrtIoBinding? binding) : IDisposable
{
    private nint _weights;

    /// <summary>Says where the weights lie.</summary>
    /// <param name="block">Tells the place of each.</param>
    /// <param name="start">The block's place on the device.</param>
    public void BindWeights(WeightBlock block, nint start)
    {
        if (start == _weights || binding is null)
        {
            return;
        }

        foreach (var weight in session.Graph.Weights.Where(weight => !weight.IsFixed))
        {
            using var value = Value(start + (nint)block.OffsetOf(weight), weight.Type, [.. weight.Shape.Select(length => (long)length)], weight.Bytes);
            binding.BindInput(weight.Input, value);
        }

        _weights = start;
    }

    /// <summary>Queues a run.</summary>
    /// <param name="inputs">Every input by its name; the shape in the graph counts, not that of the tensor.</param>
    /// <param name="outputs">Every output by its name.</param>
    /// <exception cref="DeviceMemoryException">The network needed more memory than the budget has; the outputs are without worth.</exception>
    public void Run(ReadOnlySpan<(string Name, DeviceTensor Value)> inputs, params ReadOnlySpan<(string Name, DeviceTensor Value)> outputs)
    {
        if (binding is null)
        {
            NoteFootprint(inputs);
            return;
        }

        foreach (var (name, tensor) in inputs)
        {
            using var value = Value(Port(session.Graph.Inputs, name), tensor);
            binding.BindInput(name, value);
        }

        foreach (var (name, tensor) in outputs)
        {
            var port = Port(session.Graph.Outputs, name);
            using var value = Value(port, tensor);
            binding.BindOutput(port.OnnxName, value);
        }

        session.Run(binding);
        if (session.Runtime.Arena.TakeOverdraft() is > 0 and var missing)
        {
            throw new DeviceMemoryException(
                missing,
                Invariant($"{session.Graph.Name} needed {missing >> 20} MiB more than the memory budget of {session.Runtime.Arena.Budget >> 20} MiB.")
            );
        }
    }

    /// <inheritdoc/>
    public void Dispose() => binding?.Dispose();

    /// <summary>Memory of a device in ONNX Runtime's words.</summary>
    public static OrtValue Value(DeviceRuntime runtime, nint pointer, DeviceDataType type, long[] shape, long bytes) =>
        OrtValue.CreateTensorValueWithData(runtime.MemoryInfo, OrtType(type), shape, pointer, bytes);

    /// <summary>Where nothing runs, the memory that a run would need is what counts.</summary>
    private void NoteFootprint(ReadOnlySpan<(string Name, DeviceTensor Value)> inputs)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (name, tensor) in inputs)
        {
            counts[name] = tensor.ElementCount;
        }

        var (bytes, operations) = GraphFootprint.Of(session.Graph, counts);
        session.Runtime.Arena.NotePeak(bytes);
        session.Runtime.NoteOperations(operations);
    }

    private static DevicePort Port(IReadOnlyList<DevicePort> ports, string name) =>
        ports.FirstOrDefault(port => port.Name == name) ?? throw new ArgumentException($"The graph has no port {name}.", nameof(name));

    private OrtValue Value(DevicePort port, DeviceTensor tensor) =>
        tensor.Type == port.Type
            ? Value(tensor.Pointer, tensor.Type, port.ShapeOf(tensor.ElementCount), tensor.Bytes)
            : throw new ArgumentException($"{port.Name} of {session.Graph.Name} is {port.Type}, the tensor is {tensor.Type}.", nameof(tensor));

    private OrtValue Value(nint pointer, DeviceDataType type, long[] shape, long bytes) => Value(session.Runtime, pointer, type, shape, bytes);

    private static TensorElementType OrtType(DeviceDataType type) =>
        type switch
        {
            DeviceDataType.Float16 => TensorElementType.Float16,
            DeviceDataType.UInt8 => TensorElementType.UInt8,
            _ => TensorElementType.Float,
        };
}
