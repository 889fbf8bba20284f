namespace LatentSync.Networks.UNet;

/// <summary>The sizes that are written into the UNet's graphs; the number of frames is free.</summary>
/// <param name="Clips">Clips in one run that do not see each other, each with a sound of its own.</param>
/// <param name="Height">Rows of the latents: an eighth of the image's.</param>
/// <param name="Width">Columns of the latents.</param>
/// <param name="AudioTokens">Audio tokens of one frame: 10 rows of features from each layer.</param>
internal sealed record UNetShape(int Clips, int Height, int Width, int AudioTokens);
