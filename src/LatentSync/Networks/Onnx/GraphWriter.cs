using LatentSync.Backends.Cpu;
using LatentSync.Checkpoints.Tensors;

namespace LatentSync.Networks.Onnx;

/// <summary>
/// Writes one ONNX graph node by node. Weights are only named here; where their bytes lie is decided when the graph
/// is bound to a checkpoint (<see cref="WeightBinder"/>).
/// </summary>
internal sealed class GraphWriter
{
    /// <summary>Version of the standard operators; 21 has Gelu and the group norms of all dialects.</summary>
    public const int OperatorSetVersion = 21;

    /// <summary>Operators that ONNX Runtime adds to the standard, such as fused attention.</summary>
    public const string MicrosoftDomain = "com.microsoft";

    private const int IrVersion = 10;

    private readonly GraphProto _graph;
    private readonly OnnxGraphWriter _onnx;
    private readonly Dictionary<string, Value> _weights = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Value> _constants = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int[]> _shapes = new(StringComparer.Ordinal);
    private int _values;

    /// <summary>Begins an empty graph.</summary>
    public GraphWriter(string name)
    {
        _graph = new GraphProto { Name = name };
        _onnx = new OnnxGraphWriter(_graph);
    }

    /// <summary>The weights the graph uses, in the order of their first use.</summary>
    public IReadOnlyList<TensorSpec> Weights =>
        [.. _weights.Select(weight => new TensorSpec(weight.Key, [.. weight.Value.Shape.Select(length => (long)length)]))];

    /// <summary>The shapes of all results of nodes, by name.</summary>
    public IReadOnlyDictionary<string, int[]> Shapes => _shapes;

    /// <summary>Declares an input of the graph.</summary>
    public Value Input(string inputName, params int[] shape)
    {
        _graph.Input.Add(OnnxGraphWriter.Value(inputName, shape));
        return new Value(inputName, shape);
    }

    /// <summary>Declares an input of another type than float32.</summary>
    public Value Input(string inputName, TensorProto.Types.DataType type, params int[] shape)
    {
        _graph.Input.Add(OnnxGraphWriter.Value(inputName, type, shape));
        return new Value(inputName, shape);
    }

    /// <summary>Declares a constant whose values are handed over when a session is made; the graph has none.</summary>
    public Value Placeholder(string name, TensorProto.Types.DataType type, params int[] shape)
    {
        var tensor = new TensorProto
        {
            Name = name,
            DataType = (int)type,
            DataLocation = TensorProto.Types.DataLocation.External,
        };
        tensor.Dims.AddRange(shape.Select(length => (long)length));

        // ONNX Runtime reads nothing from the file, but wants it to exist: the running program does.
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = Path.GetFileName(Environment.ProcessPath) });
        _graph.Initializer.Add(tensor);
        return new Value(name, shape);
    }

    /// <summary>Makes a value an output of the graph under the name it has; nothing is copied.</summary>
    public void Output(Value value, TensorProto.Types.DataType type) => _graph.Output.Add(OnnxGraphWriter.Value(value.Name, type, value.Shape));

    /// <summary>Makes a value an output of the graph, under the given name.</summary>
    public void Output(string outputName, Value value)
    {
        _onnx.Node("Identity", outputName, [value.Name]);
        _graph.Output.Add(OnnxGraphWriter.Value(outputName, value.Shape));
    }

    /// <summary>A weight of the checkpoint under its public name. Asking again gives the same value.</summary>
    public Value Weight(string weightName, params int[] shape)
    {
        if (_weights.TryGetValue(weightName, out var known))
        {
            return known.Shape.AsSpan().SequenceEqual(shape) ? known : throw new InvalidOperationException($"Weight {known} is used with another shape.");
        }

        return _weights[weightName] = new Value(weightName, shape);
    }

    /// <summary>A vector of integers, as shapes and axes are given.</summary>
    public Value Constant(params ReadOnlySpan<long> values)
    {
        var key = "int64_" + string.Join('_', values.ToArray());
        if (!_constants.TryGetValue(key, out var constant))
        {
            constant = _constants[key] = new Value(_onnx.Constant(key, values), values.Length);
        }

        return constant;
    }

    /// <summary>A vector of float32 numbers.</summary>
    public Value Vector(params ReadOnlySpan<float> numbers)
    {
        var key = "float_" + string.Join('_', Array.ConvertAll(numbers.ToArray(), number => number.ToString("R", CultureInfo.InvariantCulture)));
        if (!_constants.TryGetValue(key, out var constant))
        {
            constant = _constants[key] = new Value(_onnx.Constant(key, numbers.ToArray(), numbers.Length), numbers.Length);
        }

        return constant;
    }

    /// <summary>A constant of any type and shape.</summary>
    /// <param name="name">Its name; asking again gives the first one.</param>
    /// <param name="type">Type of the values.</param>
    /// <param name="data">The values in C order.</param>
    /// <param name="shape">The length of each axis.</param>
    public Value Constant(string name, TensorProto.Types.DataType type, ReadOnlySpan<byte> data, params ReadOnlySpan<int> shape)
    {
        if (!_constants.TryGetValue(name, out var constant))
        {
            constant = _constants[name] = new Value(_onnx.Constant(name, type, data, shape), shape.ToArray());
        }

        return constant;
    }

    /// <summary>Adds a node with one output.</summary>
    /// <param name="operatorType">Operator of the standard, or of <see cref="MicrosoftDomain"/>.</param>
    /// <param name="shape">Shape of the output.</param>
    /// <param name="inputs">Inputs in the operator's order.</param>
    /// <param name="attributes">int, float, string or int[] values.</param>
    /// <param name="domain">Empty for the standard.</param>
    public Value Node(string operatorType, int[] shape, Value[] inputs, (string Name, object Value)[]? attributes = null, string domain = "")
    {
        var output = Invariant($"{operatorType}_{_values++}");
        _onnx.Node(operatorType, output, [.. inputs.Select(input => input.Name)], [.. (attributes ?? []).Select(Attribute)]);
        _graph.Node[^1].Domain = domain;
        _shapes[output] = shape;
        return new Value(output, shape);
    }

    /// <summary>Adds a node of which two outputs are wanted, both of one shape.</summary>
    /// <param name="operatorType">An operator of <see cref="MicrosoftDomain"/>.</param>
    /// <param name="second">Which output the second result is; those between are left out.</param>
    /// <param name="shape">Shape of both.</param>
    /// <param name="inputs">Inputs in the operator's order.</param>
    /// <param name="attributes">int, float, string or int[] values.</param>
    public (Value First, Value Second) NodeWithTwoOutputs(
        string operatorType,
        int second,
        int[] shape,
        Value[] inputs,
        params (string Name, object Value)[] attributes
    )
    {
        var first = Node(operatorType, shape, inputs, attributes, MicrosoftDomain);
        var also = new Value(Invariant($"{first.Name}_{second}"), shape);
        var outputs = _graph.Node[^1].Output;
        while (outputs.Count < second)
        {
            outputs.Add(string.Empty);
        }

        outputs.Add(also.Name);
        _shapes[also.Name] = shape;
        return (first, also);
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

    private static AttributeProto Attribute((string Name, object Value) attribute) =>
        attribute.Value switch
        {
            int number => OnnxGraphWriter.Attribute(attribute.Name, (long)number),
            float number => OnnxGraphWriter.Attribute(attribute.Name, number),
            string text => OnnxGraphWriter.Attribute(attribute.Name, text),
            int[] numbers => OnnxGraphWriter.Attribute(attribute.Name, [.. numbers.Select(number => (long)number)]),
            _ => throw new NotSupportedException($"Attribute {attribute.Name} is a {attribute.Value.GetType().Name}."),
        };
}
