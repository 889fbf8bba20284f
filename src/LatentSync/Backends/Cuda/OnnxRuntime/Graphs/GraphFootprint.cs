using Google.Protobuf.Collections;
using LatentSync.Backends.Cuda.Memory;
using LatentSync.Networks.Onnx;

namespace LatentSync.Backends.Cuda.OnnxRuntime.Graphs;

/// <summary>
/// The memory a graph needs while it runs, beside its ports: each inner value lives from the node that makes it to the
/// last node that reads it. Values under another shape are the same memory.
/// </summary>
internal static class GraphFootprint
{
    // What cuDNN may take beside a convolution when it is not given all it wants.
    private const long ConvolutionScratch = 32L << 20;

    /// <summary>The most bytes at once, and the floating-point operations of products, convolutions and attention.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="elementCounts">Values of each input in this run, by name.</param>
    public static (long PeakBytes, long Operations) Of(DeviceGraph graph, IReadOnlyDictionary<string, long> elementCounts)
    {
        var operations = 0L;
        var facts = graph.Inputs.ToDictionary(port => port.Name, port => Fact.Of(port, elementCounts[port.Name]), StringComparer.Ordinal);
        var outputs = graph.Outputs.Select(port => port.OnnxName).ToHashSet(StringComparer.Ordinal);
        var lastUse = LastUses(graph.Model.Graph.Node);
        var (live, peak, storage) = (0L, 0L, new Dictionary<string, string>(StringComparer.Ordinal));
        var nodes = graph.Model.Graph.Node;
        for (var i = 0; i < nodes.Count; i++)
        {
            var node = nodes[i];
            var first = facts.GetValueOrDefault(node.Input[0]);
            foreach (var output in node.Output.Where(name => name.Length > 0))
            {
                facts[output] = Fact.Of(graph.Shapes[output], node, first);
                operations += facts[output].Bytes / facts[output].Type.Size() * OperationsPerValue(graph, node);
                if (node.OpType == "Reshape")
                {
                    storage[output] = storage.GetValueOrDefault(node.Input[0], node.Input[0]);
                }
                else if (!outputs.Contains(output))
                {
                    live += facts[output].Bytes;
                }
            }

            peak = Math.Max(peak, live + (node.OpType == "NhwcConv" ? ConvolutionScratch : 0));
            foreach (var dead in lastUse.GetValueOrDefault(i, []))
            {
                live -= IsInner(dead) ? facts[dead].Bytes : 0;
            }
        }

        return (peak, operations);

        bool IsInner(string name) => graph.Shapes.ContainsKey(name) && !outputs.Contains(name);
    }

    /// <summary>A multiplication and an addition count as two.</summary>
    private static long OperationsPerValue(DeviceGraph graph, NodeProto node)
    {
        return node.OpType switch
        {
            "Gemm" or "NhwcConv" or "Conv" => 2 * Weight(node.Input[1]).Shape.Skip(1).Aggregate(1L, (product, length) => product * length),
            "MatMul" or "FusedMatMul" => 2L * Shape(node.Input[0])[^1],
            "MultiHeadAttention" => 4L * Shape(node.Input[1])[1],
            _ => 0,
        };

        DeviceWeight Weight(string name) => graph.Weights.First(weight => weight.Input == name);
        int[] Shape(string name) => graph.Shapes.TryGetValue(name, out var shape) ? shape : graph.Inputs.First(port => port.Name == name).Shape;
    }

    /// <summary>For each node, the memory that is read there for the last time, by the name of its first value.</summary>
    private static Dictionary<int, List<string>> LastUses(RepeatedField<NodeProto> nodes)
    {
        var (origin, last) = (new Dictionary<string, string>(StringComparer.Ordinal), new Dictionary<string, int>(StringComparer.Ordinal));
        for (var i = 0; i < nodes.Count; i++)
        {
            foreach (var input in nodes[i].Input)
            {
                last[origin.GetValueOrDefault(input, input)] = i;
            }

            foreach (var output in nodes[i].Output)
            {
                var memory = nodes[i].OpType == "Reshape" ? origin.GetValueOrDefault(nodes[i].Input[0], nodes[i].Input[0]) : output;
                origin[output] = memory;
                last[memory] = i;
            }
        }

        return last.GroupBy(use => use.Value, use => use.Key).ToDictionary(group => group.Key, group => group.ToList());
    }

    /// <summary>What is known of a value: bytes, type, and the length of its free axis.</summary>
    private sealed record Fact(long Bytes, DeviceDataType Type, long Free)
    {
        public static Fact Of(DevicePort port, long elementCount)
        {
            var free = Array.IndexOf(port.Shape, -1) is >= 0 and var axis ? port.ShapeOf(elementCount)[axis] : 0;
            return new Fact(elementCount * port.Type.Size(), port.Type, free);
        }

        public static Fact Of(int[] shape, NodeProto node, Fact? first)
        {
            var type = node.OpType == "Cast" ? (DeviceDataType)node.Attribute[0].I : first?.Type ?? DeviceDataType.Float16;
            var known = shape.Where(length => length >= 0).Aggregate(1L, (count, length) => count * length);
            var isFree = shape.Contains(-1);
            var count =
                node.OpType == "Reshape" && first is not null ? first.Bytes / first.Type.Size()
                : isFree ? known * Math.Max(1, first?.Free ?? 1)
                : known;
            return new Fact(count * type.Size(), type, isFree ? count / known : 0);
        }
    }
}
