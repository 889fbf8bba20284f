using LatentSync.Backends.Cuda.Launching.Lists;

namespace LatentSync.Backends.Cuda.Launching;

/// <summary>What surrounds the VAE for some frames of a clip.</summary>
/// <param name="First">The first frame.</param>
/// <param name="LoadMasked">Their masked faces become the encoder's input.</param>
/// <param name="PlaceMasked">The means that the encoder has just computed become the masked-image latents.</param>
/// <param name="LoadWhole">Their whole faces become the encoder's input.</param>
/// <param name="PlaceReference">The means that the encoder has just computed become the reference latents.</param>
/// <param name="LoadLatents">The sampler's latents become the decoder's input.</param>
/// <param name="Composite">The decoder's output, with the kept region over it, becomes their generated faces.</param>
internal sealed record VaeSlice(
    int First,
    LaunchList LoadMasked,
    LaunchList PlaceMasked,
    LaunchList LoadWhole,
    LaunchList PlaceReference,
    LaunchList LoadLatents,
    LaunchList Composite
)
{
    /// <summary>All of them.</summary>
    public IEnumerable<LaunchList> All => [LoadMasked, PlaceMasked, LoadWhole, PlaceReference, LoadLatents, Composite];
}
