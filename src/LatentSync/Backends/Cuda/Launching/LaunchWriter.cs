using LatentSync.Backends.Cuda.Launching.Lists;
using LatentSync.Backends.Cuda.Memory;

namespace LatentSync.Backends.Cuda.Launching;

/// <summary>Collects the operations of a list, and its buffers.</summary>
/// <param name="type">Type of maps, tokens and weights: float16, bfloat16 or float32.</param>
internal sealed class LaunchWriter(DeviceDataType type)
{
    private readonly List<LaunchOperation> _operations = [];
    private readonly Dictionary<string, LaunchBuffer> _weights = new(StringComparer.Ordinal);

    /// <summary>Type of maps, tokens and weights.</summary>
    public DeviceDataType Type => type;

    /// <summary>Adds an operation.</summary>
    public void Add(LaunchOperation operation) => _operations.Add(operation);

    /// <summary>The operations so far.</summary>
    public LaunchList Build(string name) => new(name, [.. _operations]);

    /// <summary>Memory for a map.</summary>
    public LaunchMap Map(string name, int images, int side, int channels) =>
        new(new LaunchBuffer(name, LaunchBufferKind.Scratch, type, (long)images * side * side * channels), images, side, channels);

    /// <summary>Memory for rows.</summary>
    public LaunchMatrix Matrix(string name, int rows, int width) => new LaunchBuffer(name, LaunchBufferKind.Scratch, type, (long)rows * width).Rows(width);

    /// <summary>Memory for float32 numbers.</summary>
    public static LaunchBuffer Floats(string name, long count) => new(name, LaunchBufferKind.Scratch, DeviceDataType.Float32, count);

    /// <summary>Memory that the player gives, of float32 rows.</summary>
    public static LaunchMatrix Named(string name, int rows, int width) =>
        new LaunchBuffer(name, LaunchBufferKind.Named, DeviceDataType.Float32, (long)rows * width).Rows(width);

    /// <summary>Memory that the player gives, of 8-bit rows.</summary>
    public static LaunchMatrix NamedBytes(string name, int rows, int width) =>
        new LaunchBuffer(name, LaunchBufferKind.Named, DeviceDataType.UInt8, (long)rows * width).Rows(width);

    /// <summary>A weight of the network's type; asking again with the same key gives the same one.</summary>
    public LaunchBuffer Weight(string key, long count, WeightRecipe recipe) => Weight(key, type, count, recipe);

    /// <summary>A weight in float32: what kernels of our own add and multiply with.</summary>
    public LaunchBuffer FloatWeight(string key, long count, WeightRecipe recipe) => Weight(key, DeviceDataType.Float32, count, recipe);

    private LaunchBuffer Weight(string key, DeviceDataType weightType, long count, WeightRecipe recipe)
    {
        var name = Invariant($"{key} {weightType}");
        if (!_weights.TryGetValue(name, out var weight))
        {
            weight = _weights[name] = new LaunchBuffer(name, LaunchBufferKind.Weight, weightType, count) { Recipe = recipe };
        }

        return weight;
    }
}
