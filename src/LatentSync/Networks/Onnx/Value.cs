namespace LatentSync.Networks.Onnx;

/// <summary>
/// A tensor inside a graph that is being written: its name and its shape. At most one axis is free (-1): its length is
/// known only when the graph runs, such as the number of frames of a clip.
/// </summary>
internal sealed record Value(string Name, params int[] Shape)
{
    /// <summary>The number of axes.</summary>
    public int Rank => Shape.Length;

    /// <summary>The length of an axis; negative indices count from the end.</summary>
    public int this[Index axis] => Shape[axis];

    /// <summary>Name and shape, for messages.</summary>
    public override string ToString() => $"{Name} [{string.Join(", ", Shape)}]";
}
