using LatentSync.Networks.Files;

namespace LatentSync.Audio;

/// <summary>The network of <see cref="VoiceActivityModel"/>: taken from an npm package when the library is built, read from beside the application when it runs.</summary>
internal static class VoiceActivityFile
{
    /// <summary>Its folder, beside the application.</summary>
    public const string FolderName = "voice-activity";

    private const string FileName = "silero_vad_v5.onnx";

    private static readonly NetworkSource Source = new(
        "@ricky0123/vad-web/dist/silero_vad_v5.onnx",
        2327524,
        "2623a2953f6ff3d2c1e61740c6cdb7168133479b267dfef114a4a3cc5bdd788f");

    /// <summary>Where the application looks for it.</summary>
    public static string DefaultPath => Path.Combine(AppContext.BaseDirectory, FolderName, FileName);

    /// <summary>Checks the network of the npm package and writes it into a folder.</summary>
    /// <exception cref="LipSyncException">MissingDependency, InvalidModel or OutputFailed.</exception>
    public static void Build(string npmFolder, string outputFolder) => NetworkSource.Write(outputFolder, FileName, Source.Read(npmFolder));
}
