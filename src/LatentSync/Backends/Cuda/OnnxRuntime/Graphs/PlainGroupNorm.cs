using LatentSync.Backends.Cuda.Memory;
using LatentSync.Networks.Onnx;

namespace LatentSync.Backends.Cuda.OnnxRuntime.Graphs;

/// <summary>Group normalisation with channels last in operators of the standard, for sizes that the fused operator has no kernel for.</summary>
internal static class PlainGroupNorm
{
    /// <summary>Normalises [images or clips, height, width, channels] in float32.</summary>
    /// <param name="writer">The graph.</param>
    /// <param name="input">What is normalised; statistics are over the second and third axis and each group of channels.</param>
    /// <param name="scale">[channels], float32.</param>
    /// <param name="shift">[channels], float32.</param>
    /// <param name="groups">Groups of channels.</param>
    /// <param name="epsilon">Is added to the variance.</param>
    /// <param name="type">Type of the result.</param>
    public static Value Write(DeviceGraphWriter writer, Value input, Value scale, Value shift, int groups, float epsilon, DeviceDataType type)
    {
        var graph = writer.Graph;
        var size = input[^1] / groups;
        int[] grouped = [input[0], input[1] < 0 ? -1 : input[1] * input[2], groups, size];
        var values = writer.Reshape(writer.Cast(input, DeviceDataType.Float32), grouped);
        var centred = graph.Node("Sub", grouped, [values, Mean(values)]);
        var variance = Mean(graph.Node("Mul", grouped, [centred, centred]));
        var deviation = graph.Node("Sqrt", variance.Shape, [graph.Node("Add", variance.Shape, [variance, graph.Vector(epsilon)])]);
        var normed = writer.Reshape(graph.Node("Div", grouped, [centred, deviation]), input.Shape);
        normed = graph.Node("Add", input.Shape, [graph.Node("Mul", input.Shape, [normed, scale]), shift]);
        return writer.Cast(normed, type);

        Value Mean(Value of) => graph.Node("ReduceMean", [of[0], 1, of[2], 1], [of, graph.Constant(1, 3)], [("keepdims", 1)]);
    }
}
