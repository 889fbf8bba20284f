using LatentSync.Backends.Cuda.Memory;

namespace LatentSync.Backends.Cuda.OnnxRuntime.Graphs;

/// <summary>An input or output of a device graph.</summary>
/// <param name="Name">The name callers use.</param>
/// <param name="OnnxName">The name in the graph.</param>
/// <param name="Type">Type of the values.</param>
/// <param name="Shape">Shape in the graph; -1, at most once, is known when the graph runs.</param>
internal sealed record DevicePort(string Name, string OnnxName, DeviceDataType Type, int[] Shape)
{
    /// <summary>The shape for so many values.</summary>
    public long[] ShapeOf(long elementCount)
    {
        var known = Shape.Where(length => length >= 0).Aggregate(1L, (count, length) => count * length);
        return [.. Shape.Select(length => length >= 0 ? length : elementCount / known)];
    }
}
