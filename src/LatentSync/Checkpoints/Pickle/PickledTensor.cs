namespace LatentSync.Checkpoints.Pickle;

/// <summary>A tensor as a pickle describes it; not yet checked against its storage.</summary>
/// <param name="Storage">The bytes it lies in.</param>
/// <param name="FirstElement">Elements before its first one.</param>
/// <param name="Shape">The length of each axis.</param>
/// <param name="Strides">Elements from one entry of an axis to the next.</param>
internal sealed record PickledTensor(PickledStorage Storage, long FirstElement, long[] Shape, long[] Strides);
