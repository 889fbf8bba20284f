using System.Collections.Frozen;
using System.IO.Compression;
using System.Security.Cryptography;

namespace LatentSync.Page.Assets;

/// <summary>The scripts and styles of the page, which are resources of this assembly; see eng/PageAssets.targets.</summary>
internal sealed class PageAssets
{
    /// <summary>Where they are.</summary>
    public const string Path = "/page/assets";

    private const string Prefix = "assets/";
    private const int VersionLength = 12;

    private readonly FrozenDictionary<string, Lazy<PageAsset>> _assets = typeof(PageAssets)
        .Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
        .ToFrozenDictionary(name => name[Prefix.Length..], name => new Lazy<PageAsset>(() => Load(name)), StringComparer.Ordinal);

    /// <summary>An asset by its name; null if there is none.</summary>
    public PageAsset? Find(string name) => _assets.TryGetValue(name, out var asset) ? asset.Value : null;

    /// <summary>The address of an asset.</summary>
    public string Url(string name) => $"{Path}/{name}?v={_assets[name].Value.Version}";

    private static PageAsset Load(string name)
    {
        using var resource = typeof(PageAssets).Assembly.GetManifestResourceStream(name)!;
        var plain = new byte[resource.Length];
        resource.ReadExactly(plain);
        using var compressed = new MemoryStream();
        using (var brotli = new BrotliStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            brotli.Write(plain);
        }

        return new PageAsset(ContentType(name), Convert.ToHexStringLower(SHA256.HashData(plain))[..VersionLength], plain, compressed.ToArray());
    }

    private static string ContentType(string name) =>
        System.IO.Path.GetExtension(name) switch
        {
            ".css" => "text/css",
            ".js" => "text/javascript",
            ".svg" => "image/svg+xml",
            var extension => throw new InvalidOperationException($"There is no media type for assets like *{extension}."),
        };
}
