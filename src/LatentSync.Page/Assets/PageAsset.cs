namespace LatentSync.Page.Assets;

/// <summary>A script or style.</summary>
/// <param name="ContentType">Its media type.</param>
/// <param name="Version">Begins its digest; a part of its address, so that browsers may keep it for good.</param>
/// <param name="Plain">Its bytes.</param>
/// <param name="Brotli">The same, compressed.</param>
internal sealed record PageAsset(string ContentType, string Version, ReadOnlyMemory<byte> Plain, ReadOnlyMemory<byte> Brotli);
