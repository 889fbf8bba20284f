namespace LatentSync.Backends.Cuda.Memory;

/// <summary>The weights of a model's UNet and VAE under one roof: their names differ by how they begin.</summary>
internal sealed class ModelWeights(IWeightReader unet, IWeightReader vae) : IWeightReader
{
    private static readonly string[] VaeNames = ["encoder.", "decoder.", "quant_conv.", "post_quant_conv."];

    /// <inheritdoc/>
    public float[] Read(string name, ReadOnlySpan<int> shape) =>
        (VaeNames.Any(start => name.StartsWith(start, StringComparison.Ordinal)) ? vae : unet).Read(name, shape);
}
