using LatentSync.Checkpoints.Tensors;
using LatentSync.Files;

namespace LatentSync.Checkpoints.Verification;

/// <summary>Tells models apart by samples of their files.</summary>
internal static class WeightFingerprint
{
    /// <inheritdoc cref="FileFingerprint.Of"/>
    /// <exception cref="LipSyncException">InvalidModel: a file cannot be read.</exception>
    public static string Of(params IReadOnlyList<string> paths) =>
        FileFingerprint.Of(paths, (path, error) => ModelErrors.Damaged(path, $"it cannot be read", error));
}
