using LatentSync.Audio;

namespace LatentSync.Networks.Files;

/// <summary>The network of voice activity in its npm package.</summary>
internal static class VoiceActivity
{
    private static readonly NetworkSource Source = new(
        "@ricky0123/vad-web/dist/silero_vad_v5.onnx",
        2327524,
        "2623a2953f6ff3d2c1e61740c6cdb7168133479b267dfef114a4a3cc5bdd788f"
    );

    /// <summary>Checks the network of the npm package and writes it into a folder.</summary>
    /// <exception cref="LipSyncException">MissingDependency, InvalidModel or OutputFailed.</exception>
    public static void Build(string npmFolder, string outputFolder) => NetworkSource.Write(outputFolder, VoiceActivityFile.FileName, Source.Read(npmFolder));
}
