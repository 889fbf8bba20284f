using LatentSync.Backends.Cuda.Launching.Lists;
using LatentSync.Backends.Cuda.Launching.Operations;
using LatentSync.Networks.UNet;
using LatentSync.Networks.Vae;

namespace LatentSync.Backends.Cuda.Launching;

/// <summary>
/// What surrounds the networks in a clip, as launch lists. The sampler's latents are the first columns of the UNet's input
/// and stay there; mask, masked-image and reference latents are the others, and do not change.
/// </summary>
/// <param name="shape">How the images belong together.</param>
/// <param name="size">Rows and columns of the latents.</param>
/// <param name="scale">The VAE's scaling factor.</param>
internal sealed class ClipLaunchLists(LaunchShape shape, int size, float scale)
{
    /// <summary>Columns of the UNet's input.</summary>
    public const int SampleColumns = (3 * LatentColumns) + 1;

    private const int LatentColumns = 4;
    private const int MaskedColumn = LatentColumns + 1;
    private const int ReferenceColumn = MaskedColumn + LatentColumns;

    private readonly LaunchMatrix _sample = LaunchWriter.Named(UNetGraphs.Sample, shape.Images * size * size, SampleColumns);

    /// <summary>The means that the encoder has just computed become the masked-image latents.</summary>
    public LaunchList PlaceMasked() => Place("masked latents", MaskedColumn);

    /// <summary>The means that the encoder has just computed become the reference latents.</summary>
    public LaunchList PlaceReference() => Place("reference latents", ReferenceColumn);

    /// <summary>Guidance and one step of the sampler.</summary>
    /// <param name="guidance">Weight of the half that hears; not used without guidance.</param>
    /// <param name="factors">The step's factors, x' = a x + b e.</param>
    public LaunchList Step(float guidance, (float Latent, float Noise) factors)
    {
        var noise = LaunchWriter.Named(UNetGraphs.NoisePrediction, shape.ResultImages * size * size, LatentColumns);
        var (without, with) = (noise.RowRange(0, _sample.RowCount), noise.RowRange(noise.RowCount - _sample.RowCount, _sample.RowCount));
        return new LaunchList(
            "sampler step",
            [new SamplerStepOperation(_sample.Columns(0, LatentColumns), without, with, guidance, factors.Latent, factors.Noise)]
        );
    }

    /// <summary>The sampler's latents go to the decoder.</summary>
    public LaunchList Finish()
    {
        var latents = LaunchWriter.Named(VaeGraphs.Latents, _sample.RowCount, LatentColumns);
        return new LaunchList("latents", [new CopyColumnsOperation(_sample.Columns(0, LatentColumns), latents, 1 / scale)]);
    }

    private LaunchList Place(string name, int column)
    {
        var moments = LaunchWriter.Named(VaeGraphs.Moments, _sample.RowCount, 2 * LatentColumns);
        return new LaunchList(name, [new CopyColumnsOperation(moments.Columns(0, LatentColumns), _sample.Columns(column, LatentColumns), scale)]);
    }
}
