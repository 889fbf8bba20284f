namespace LatentSync.Networks.Files;

/// <summary>The two ways in which a TensorFlow Lite file can fail to convert.</summary>
internal static class TfliteError
{
    /// <summary>The file breaks its own format.</summary>
    public static LipSyncException Damaged(string reason) =>
        new(LipSyncErrorCode.InvalidModel, $"The TensorFlow Lite model is damaged ({reason}); install the npm packages again.");

    /// <summary>The file is sound as far as read, but uses what <see cref="TfliteToOnnxConverter"/> does not know.</summary>
    public static LipSyncException Unsupported(string what) =>
        new(
            LipSyncErrorCode.InvalidModel,
            $"The TensorFlow Lite model cannot be converted ({what} is not supported); use the face models that package.json names."
        );
}
