using System.Runtime.InteropServices;
using LatentSync.Backends.Cuda.Memory;
using LatentSync.Networks.Onnx;

namespace LatentSync.Backends.Cuda.OnnxRuntime.Graphs;

/// <summary>Writes a graph whose ports have types, and whose weights are inputs or constants that lie on the device.</summary>
internal sealed class DeviceGraphWriter(string name)
{
    private readonly List<DevicePort> _inputs = [];
    private readonly List<DevicePort> _outputs = [];
    private readonly Dictionary<string, DeviceWeight> _weights = new(StringComparer.Ordinal);

    // Values that are another value under another shape.
    private readonly Dictionary<string, Value> _reshaped = new(StringComparer.Ordinal);

    /// <summary>The nodes.</summary>
    public GraphWriter Graph { get; } = new(name);

    /// <summary>Declares an input.</summary>
    public Value Input(string inputName, DeviceDataType type, params int[] shape)
    {
        _inputs.Add(new DevicePort(inputName, inputName, type, shape));
        return Graph.Input(inputName, Onnx(type), shape);
    }

    /// <summary>Hands a value back to the caller; one that is another under a new shape is handed back under the old shape, without a copy.</summary>
    public void Output(string outputName, Value value, DeviceDataType type)
    {
        while (_reshaped.TryGetValue(value.Name, out var origin))
        {
            value = origin;
        }

        Graph.Output(value, Onnx(type));
        _outputs.Add(new DevicePort(outputName, value.Name, type, value.Shape));
    }

    /// <summary>A weight; asking again gives the same value.</summary>
    /// <param name="inputName">Name of the input it becomes.</param>
    /// <param name="kind">What is done to the stored values.</param>
    /// <param name="type">Type on the device.</param>
    /// <param name="shape">Shape on the device.</param>
    /// <param name="stored">Names and shapes of the tensors it is made from.</param>
    public Value Weight(string inputName, DeviceWeightKind kind, DeviceDataType type, int[] shape, params (string Name, int[] Shape)[] stored) =>
        Weight(new DeviceWeight(inputName, kind, type, shape, stored));

    /// <summary>A weight; asking again gives the same value.</summary>
    public Value Weight(DeviceWeight weight)
    {
        if (_weights.TryAdd(weight.Input, weight))
        {
            _ = weight.IsFixed ? Graph.Placeholder(weight.Input, Onnx(weight.Type), weight.Shape) : Graph.Input(weight.Input, Onnx(weight.Type), weight.Shape);
        }

        return new Value(weight.Input, weight.Shape);
    }

    /// <summary>The value under another shape.</summary>
    public Value Reshape(Value value, params int[] shape)
    {
        if (value.Shape.AsSpan().SequenceEqual(shape))
        {
            return value;
        }

        var reshaped = Graph.Node("Reshape", shape, [value, Graph.Constant([.. shape.Select(length => (long)length)])]);
        _reshaped[reshaped.Name] = value;
        return reshaped;
    }

    /// <summary>True if the attention in the graph is over many short sequences.</summary>
    public bool HasShortAttention { get; set; }

    /// <summary>A constant, given as float32.</summary>
    public Value Constant(string name, DeviceDataType type, float[] values, params int[] shape)
    {
        if (type == DeviceDataType.Float32)
        {
            return Graph.Constant(name, Onnx(type), MemoryMarshal.AsBytes<float>(values), shape);
        }

        var halves = new Half[values.Length];
        TensorPrimitives.ConvertToHalf(values, halves);
        return Graph.Constant(name, Onnx(type), MemoryMarshal.AsBytes<Half>(halves), shape);
    }

    /// <summary>The value as another type.</summary>
    public Value Cast(Value value, DeviceDataType type) => Graph.Node("Cast", value.Shape, [value], [("to", (int)type)]);

    /// <summary>The finished graph.</summary>
    public DeviceGraph Build() => new(Graph.Build().Model, _inputs, _outputs, [.. _weights.Values], Graph.Shapes, HasShortAttention);

    private static TensorProto.Types.DataType Onnx(DeviceDataType type) => (TensorProto.Types.DataType)type;
}
