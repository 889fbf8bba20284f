using LatentSync.Checkpoints.Tensors;

namespace LatentSync.Checkpoints.Pickle;

/// <summary>A pickle's reference to the bytes of a tensor: the member <c>data/KEY</c> of the archive.</summary>
/// <param name="Type">The element type.</param>
/// <param name="Key">The member's name after <c>data/</c>.</param>
/// <param name="ElementCount">How many elements the pickle says it has.</param>
internal sealed record PickledStorage(TensorDataType Type, string Key, long ElementCount);
