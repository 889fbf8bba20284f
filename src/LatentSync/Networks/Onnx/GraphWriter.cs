using System.Runtime.InteropServices;
using Google.Protobuf;
using LatentSync.Checkpoints;

namespace LatentSync.Networks.Onnx;

/// <summary>
/// Writes one ONNX graph node by node. Weights are only named here; where their bytes lie is decided when the graph
/// is bound to a checkpoint (<see cref="WeightBinder"/>).
/// </summary>
internal sealed class GraphWriter(string name)
{
    /// <summary>Version of the standard operators; 21 has Gelu and the group norms of all dialects.</summary>
    public const int OperatorSetVersion = 21;

    /// <summary>Operators that ONNX Runtime adds to the standard, such as fused attention.</summary>
    public const string MicrosoftDomain = "com.microsoft";

    private const int IrVersion = 10;

    private readonly GraphProto _graph = new() { Name = name };
    private readonly Dictionary<string, Value> _weights = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Value> _constants = new(StringComparer.Ordinal);
    private int _values;

    /// <summary>The weights the graph uses, in the order of their first use.</summary>
    public IReadOnlyList<TensorSpec> Weights =>
        [.. _weights.Select(weight => new TensorSpec(weight.Key, [.. weight.Value.Shape.Select(length => (long)length)]))];

    /// <summary>Declares an input of the graph.</summary>
    public Value Input(string inputName, params int[] shape)
    {
        _graph.Input.Add(Describe(inputName, shape));
        return new Value(inputName, shape);
    }

    /// <summary>Makes a value an output of the graph, under the given name.</summary>
    public void Output(string outputName, Value value)
    {
        _graph.Node.Add(new NodeProto { OpType = "Identity", Input = { value.Name }, Output = { outputName }, Name = outputName });
        _graph.Output.Add(Describe(outputName, value.Shape));
    }

    /// <summary>A weight of the checkpoint under its public name. Asking again gives the same value.</summary>
    public Value Weight(string weightName, params int[] shape)
    {
        if (_weights.TryGetValue(weightName, out var known))
        {
            return known.Shape.AsSpan().SequenceEqual(shape)
                ? known
                : throw new InvalidOperationException($"Weight {known} is used with another shape.");
        }

        return _weights[weightName] = new Value(weightName, shape);
    }

    /// <summary>A vector of integers, as shapes and axes are given.</summary>
    public Value Constant(params ReadOnlySpan<long> values)
    {
        var key = "int64_" + string.Join('_', values.ToArray());
        if (!_constants.TryGetValue(key, out var constant))
        {
            var tensor = new TensorProto { Name = key, DataType = (int)TensorProto.Types.DataType.Int64, Dims = { values.Length } };
            tensor.RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(values));
            constant = AddConstant(key, tensor, values.Length);
        }

        return constant;
    }

    /// <summary>A vector of float32 numbers.</summary>
    public Value Vector(params ReadOnlySpan<float> numbers)
    {
        var key = "float_" + string.Join('_', Array.ConvertAll(numbers.ToArray(), number => number.ToString("R", CultureInfo.InvariantCulture)));
        if (!_constants.TryGetValue(key, out var constant))
        {
            var tensor = new TensorProto { Name = key, DataType = (int)TensorProto.Types.DataType.Float, Dims = { numbers.Length } };
            tensor.FloatData.AddRange(numbers.ToArray());
            constant = AddConstant(key, tensor, numbers.Length);
        }

        return constant;
    }

    /// <summary>Adds a node with one output.</summary>
    /// <param name="operatorType">Operator of the standard, or of <see cref="MicrosoftDomain"/>.</param>
    /// <param name="shape">Shape of the output.</param>
    /// <param name="inputs">Inputs in the operator's order.</param>
    /// <param name="attributes">int, long, float, string or int[] values.</param>
    /// <param name="domain">Empty for the standard.</param>
    public Value Node(string operatorType, int[] shape, Value[] inputs, (string Name, object Value)[]? attributes = null, string domain = "")
    {
        var output = Invariant($"{operatorType}_{_values++}");
        var node = new NodeProto { OpType = operatorType, Name = output, Domain = domain, Output = { output } };
        node.Input.AddRange(inputs.Select(input => input.Name));
        node.Attribute.AddRange((attributes ?? []).Select(Attribute));
        _graph.Node.Add(node);
        return new Value(output, shape);
    }

    /// <summary>The finished graph; the weights are not in it yet.</summary>
    public NetworkGraph Build()
    {
        var model = new ModelProto
        {
            IrVersion = IrVersion,
            ProducerName = "LatentSyncSharp",
            Graph = _graph,
            OpsetImport =
            {
                new OperatorSetIdProto { Domain = "", Version = OperatorSetVersion },
                new OperatorSetIdProto { Domain = MicrosoftDomain, Version = 1 },
            },
        };
        return new NetworkGraph(model, Weights);
    }

    private static AttributeProto Attribute((string Name, object Value) attribute)
    {
        var proto = new AttributeProto { Name = attribute.Name };
        switch (attribute.Value)
        {
            case int or long:
                proto.Type = AttributeProto.Types.AttributeType.Int;
                proto.I = Convert.ToInt64(attribute.Value, CultureInfo.InvariantCulture);
                break;
            case float number:
                proto.Type = AttributeProto.Types.AttributeType.Float;
                proto.F = number;
                break;
            case string text:
                proto.Type = AttributeProto.Types.AttributeType.String;
                proto.S = ByteString.CopyFromUtf8(text);
                break;
            case int[] numbers:
                proto.Type = AttributeProto.Types.AttributeType.Ints;
                proto.Ints.AddRange(numbers.Select(number => (long)number));
                break;
            default:
                throw new NotSupportedException($"Attribute {attribute.Name} is a {attribute.Value.GetType().Name}.");
        }

        return proto;
    }

    private static ValueInfoProto Describe(string valueName, int[] shape)
    {
        var tensor = new TypeProto.Types.Tensor { ElemType = (int)TensorProto.Types.DataType.Float, Shape = new TensorShapeProto() };
        foreach (var length in shape)
        {
            tensor.Shape.Dim.Add(length >= 0
                ? new TensorShapeProto.Types.Dimension { DimValue = length }
                : new TensorShapeProto.Types.Dimension { DimParam = $"{valueName}_free" });
        }

        return new ValueInfoProto { Name = valueName, Type = new TypeProto { TensorType = tensor } };
    }

    private Value AddConstant(string key, TensorProto tensor, int length)
    {
        _graph.Initializer.Add(tensor);
        return _constants[key] = new Value(key, length);
    }
}
