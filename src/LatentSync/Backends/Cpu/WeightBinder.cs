using Google.Protobuf;
using LatentSync.Checkpoints.Tensors;
using LatentSync.Networks.Onnx;

namespace LatentSync.Backends.Cpu;

/// <summary>
/// Joins a graph with a checkpoint. The model names file, offset and length of each weight, so that ONNX Runtime maps
/// the user's own file: nothing is exported, and no weight is stored twice on disk.
/// </summary>
internal static class WeightBinder
{
    /// <summary>The serialised model.</summary>
    /// <param name="graph">The graph; it is not changed.</param>
    /// <param name="weights">The checkpoint; must hold every weight of the graph in the graph's shape.</param>
    public static byte[] Bind(NetworkGraph graph, WeightSource weights)
    {
        var model = graph.Model.Clone();
        var fileName = Path.GetFileName(weights.RealPath);
        var casts = new List<NodeProto>();
        foreach (var weight in graph.Weights)
        {
            var stored = weights.Tensors[weight.Name];
            var tensor = new TensorProto { Name = weight.Name, DataType = (int)OnnxType(stored, weights.Path) };
            tensor.Dims.AddRange(weight.Shape);
            if (stored.Type != TensorDataType.Float32)
            {
                tensor.Name = weight.Name + "_stored";
                casts.Add(Cast(tensor.Name, weight.Name));
            }

            Locate(tensor, stored, fileName);
            model.Graph.Initializer.Add(tensor);
        }

        // Casts of constants are folded when the session is made; nodes must stand before their uses.
        var nodes = model.Graph.Node.ToArray();
        model.Graph.Node.Clear();
        model.Graph.Node.AddRange([.. casts, .. nodes]);
        return model.ToByteArray();
    }

    private static void Locate(TensorProto tensor, StoredTensor stored, string fileName)
    {
        if (!stored.IsContiguous)
        {
            var values = new float[stored.ElementCount];
            stored.CopyTo(values);
            tensor.DataType = (int)TensorProto.Types.DataType.Float;
            tensor.FloatData.AddRange(values);
            return;
        }

        tensor.DataLocation = TensorProto.Types.DataLocation.External;
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = fileName });
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "offset", Value = stored.FileOffset.ToString(CultureInfo.InvariantCulture) });
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "length", Value = stored.ByteLength.ToString(CultureInfo.InvariantCulture) });
    }

    private static NodeProto Cast(string from, string to) =>
        new()
        {
            OpType = "Cast",
            Name = to + "_cast",
            Input = { from },
            Output = { to },
            Attribute =
            {
                new AttributeProto
                {
                    Name = "to",
                    Type = AttributeProto.Types.AttributeType.Int,
                    I = (long)TensorProto.Types.DataType.Float,
                },
            },
        };

    private static TensorProto.Types.DataType OnnxType(StoredTensor stored, string path) =>
        stored.Type switch
        {
            TensorDataType.Float32 => TensorProto.Types.DataType.Float,
            TensorDataType.Float16 => TensorProto.Types.DataType.Float16,
            TensorDataType.BFloat16 => TensorProto.Types.DataType.Bfloat16,
            TensorDataType.Float64 => TensorProto.Types.DataType.Double,
            _ => throw new LipSyncException(
                LipSyncErrorCode.InvalidModel,
                $"The weight {stored.Name} of \"{path}\" is stored as {stored.Type}, which no network here uses; check that it is the original checkpoint."
            )
            {
                Path = path,
            },
        };
}
