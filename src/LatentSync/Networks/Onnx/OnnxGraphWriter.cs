using System.Runtime.InteropServices;
using Google.Protobuf;

namespace LatentSync.Networks.Onnx;

/// <summary>Appends nodes and constants to an ONNX graph.</summary>
internal sealed class OnnxGraphWriter(GraphProto graph)
{
    /// <summary>Appends a node with one output, which it is also named after, and returns that output's name.</summary>
    public string Node(string type, string output, ReadOnlySpan<string> inputs, params ReadOnlySpan<AttributeProto> attributes)
    {
        var node = new NodeProto
        {
            OpType = type,
            Name = output,
            Output = { output },
        };
        foreach (var input in inputs)
        {
            node.Input.Add(input);
        }

        foreach (var attribute in attributes)
        {
            node.Attribute.Add(attribute);
        }

        graph.Node.Add(node);
        return output;
    }

    /// <summary>Appends a float32 constant and returns its name.</summary>
    public string Constant(string name, float[] values, params ReadOnlySpan<int> shape) =>
        Constant(name, TensorProto.Types.DataType.Float, MemoryMarshal.AsBytes<float>(values), shape);

    /// <summary>Appends a list of int64 and returns its name.</summary>
    public string Constant(string name, params ReadOnlySpan<long> values) =>
        Constant(name, TensorProto.Types.DataType.Int64, MemoryMarshal.AsBytes(values), [values.Length]);

    /// <summary>A float32 input or output of the graph; a negative length is free until the graph runs.</summary>
    public static ValueInfoProto Value(string name, params ReadOnlySpan<int> shape) => Value(name, TensorProto.Types.DataType.Float, shape);

    /// <summary>An input or output of the graph; a negative length is free until the graph runs.</summary>
    public static ValueInfoProto Value(string name, TensorProto.Types.DataType type, params ReadOnlySpan<int> shape)
    {
        var dimensions = new TensorShapeProto();
        foreach (var length in shape)
        {
            dimensions.Dim.Add(
                length >= 0 ? new TensorShapeProto.Types.Dimension { DimValue = length } : new TensorShapeProto.Types.Dimension { DimParam = name + "_free" }
            );
        }

        var tensor = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = dimensions };
        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = tensor },
        };
    }

    /// <summary>An integer attribute.</summary>
    public static AttributeProto Attribute(string name, long value) =>
        new()
        {
            Name = name,
            Type = AttributeProto.Types.AttributeType.Int,
            I = value,
        };

    /// <summary>An attribute that is a list of integers.</summary>
    public static AttributeProto Attribute(string name, params ReadOnlySpan<long> values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
        attribute.Ints.AddRange(values.ToArray());
        return attribute;
    }

    /// <summary>A real number as an attribute.</summary>
    public static AttributeProto Attribute(string name, float value) =>
        new()
        {
            Name = name,
            Type = AttributeProto.Types.AttributeType.Float,
            F = value,
        };

    /// <summary>A text attribute.</summary>
    public static AttributeProto Attribute(string name, string value) =>
        new()
        {
            Name = name,
            Type = AttributeProto.Types.AttributeType.String,
            S = ByteString.CopyFromUtf8(value),
        };

    /// <summary>Appends a constant of any type and returns its name.</summary>
    public string Constant(string name, TensorProto.Types.DataType type, ReadOnlySpan<byte> data, ReadOnlySpan<int> shape)
    {
        var tensor = new TensorProto
        {
            Name = name,
            DataType = (int)type,
            RawData = ByteString.CopyFrom(data),
        };
        foreach (var length in shape)
        {
            tensor.Dims.Add(length);
        }

        graph.Initializer.Add(tensor);
        return name;
    }
}
