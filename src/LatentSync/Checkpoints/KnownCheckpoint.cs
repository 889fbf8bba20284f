namespace LatentSync.Checkpoints;

/// <summary>
/// An official UNet checkpoint, told by its length, which no two of them share. The digest is for a full check.
/// </summary>
/// <param name="Version">The LatentSync version.</param>
/// <param name="Resolution">The face size in pixels it was trained for.</param>
/// <param name="Length">The file's length in bytes.</param>
/// <param name="Sha256">The digest of the file, in lower-case hexadecimal.</param>
internal sealed record KnownCheckpoint(string Version, int Resolution, long Length, string Sha256)
{
    // Both are latentsync_unet.pt, as published in ByteDance/LatentSync-1.5 (revision 32a20d29) and -1.6 (c42c7e6c).
    private static readonly KnownCheckpoint[] Published =
    [
        new("1.5", 256, 5_072_348_184, "6440b49a7ccceff56cdc001f5f17605216337f5bbd66fa360139768926e23f51"),
        new("1.6", 512, 5_072_222_488, "0a478e89eb660f82da4c35dbdde8a5adfb27f99d1b4e50edd03729e1e98316d3"),
    ];

    /// <summary>The official checkpoint of this length; null if there is none.</summary>
    public static KnownCheckpoint? Find(long length) => Array.Find(Published, checkpoint => checkpoint.Length == length);

    /// <summary>The official checkpoint of this version; null if there is none.</summary>
    public static KnownCheckpoint? Find(string version) => Array.Find(Published, checkpoint => checkpoint.Version == version);
}
