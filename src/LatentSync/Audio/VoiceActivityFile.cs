namespace LatentSync.Audio;

/// <summary>
/// The network of <see cref="VoiceActivityModel"/>: tools/Networks takes it from an npm package when the library is built, the
/// application reads it from beside itself.
/// </summary>
internal static class VoiceActivityFile
{
    /// <summary>Its folder, beside the application.</summary>
    public const string FolderName = "voice-activity";

    /// <summary>The file in it.</summary>
    public const string FileName = "silero_vad_v5.onnx";

    /// <summary>Where the application looks for it.</summary>
    public static string DefaultPath => Path.Combine(AppContext.BaseDirectory, FolderName, FileName);
}
