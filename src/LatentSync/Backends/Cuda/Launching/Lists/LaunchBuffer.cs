using LatentSync.Backends.Cuda.Memory;

namespace LatentSync.Backends.Cuda.Launching.Lists;

/// <summary>A piece of memory that operations read and write. Two buffers of the same name and size are still two.</summary>
/// <param name="name">What it holds, for people; of named buffers and weights, their key.</param>
/// <param name="kind">Whose it is.</param>
/// <param name="type">Type of its numbers.</param>
/// <param name="count">How many there are.</param>
internal sealed class LaunchBuffer(string name, LaunchBufferKind kind, DeviceDataType type, long count)
{
    private const long Alignment = 256;

    /// <summary>What it holds.</summary>
    public string Name { get; private set; } = name;

    /// <summary>Whose it is.</summary>
    public LaunchBufferKind Kind { get; private set; } = kind;

    /// <summary>Type of its numbers.</summary>
    public DeviceDataType Type => type;

    /// <summary>How many there are.</summary>
    public long Count => count;

    /// <summary>How a weight is made; null for other buffers.</summary>
    public WeightRecipe? Recipe { get; init; }

    /// <summary>Its size.</summary>
    public long Bytes => Count * Type.Size();

    /// <summary>What it takes where buffers lie one after the other, each at a multiple of 256 bytes.</summary>
    public long PlacedBytes => (Bytes + Alignment - 1) / Alignment * Alignment;

    /// <summary>All of it as rows of a width.</summary>
    public LaunchMatrix Rows(int width) => new(this, 0, (int)(Count / width), width, width);

    /// <summary>Makes a scratch buffer a named one, while its list is being written: another list will read it.</summary>
    public void Keep(string key) => (Name, Kind) = (key, LaunchBufferKind.Named);

    /// <inheritdoc/>
    public override string ToString() => Invariant($"{Name} ({Kind}, {Type}, {Count})");
}
