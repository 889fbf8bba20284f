namespace LatentSync.Backends.Cuda.Memory;

/// <summary>Where the weights of a network come from. Calls from several threads are allowed.</summary>
internal interface IWeightReader
{
    /// <summary>The values of one tensor in C order.</summary>
    /// <param name="name">Its name in the checkpoint.</param>
    /// <param name="shape">Its shape there.</param>
    float[] Read(string name, ReadOnlySpan<int> shape);
}
