using System.Runtime.InteropServices;
using LatentSync.Checkpoints;
using LatentSync.Diagnostics;
using LatentSync.Faces.MediaPipe;
using LatentSync.Media.Ffmpeg;
using Microsoft.ML.OnnxRuntime;

namespace LatentSync;

/// <summary>Looks for everything the program needs.</summary>
public static class Diagnosis
{
    /// <summary>The part whose finding is about the model folder.</summary>
    public const string Models = "models";

    /// <summary>Looks for each part; never throws for a missing one.</summary>
    /// <param name="modelFolder">The model folder to look at; null if there is none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<IReadOnlyList<Finding>> RunAsync(string? modelFolder, CancellationToken cancellationToken) =>
        [
            new Finding("machine", Found: true, Required: false, DescribeMachine()),
            await FindAsync("ffmpeg", DescribeFfmpegAsync, cancellationToken).ConfigureAwait(false),
            await FindAsync("ONNX Runtime", _ => Task.FromResult<FormattableString>($"{OrtEnv.Instance().GetVersionString()}"), cancellationToken)
                .ConfigureAwait(false),
            .. GpuDiagnosis.OfThisMachine().Run(),
            await FindAsync("face models", _ => Task.FromResult(DescribeFaceModels()), cancellationToken).ConfigureAwait(false),
            modelFolder is null
                ? new Finding(
                    Models,
                    Found: false,
                    Required: false,
                    $"get them with \"latentsync models pull latentsync-1.6\", or name their folder (LATENTSYNC_MODELS); see docs/models.md"
                )
                : await FindAsync(Models, _ => Task.FromResult(DescribeModels(modelFolder)), cancellationToken).ConfigureAwait(false),
        ];

    private static async Task<Finding> FindAsync(string part, Func<CancellationToken, Task<FormattableString>> describe, CancellationToken cancellationToken)
    {
        try
        {
            return new Finding(part, Found: true, Required: true, await describe(cancellationToken).ConfigureAwait(false));
        }
        catch (LipSyncException error)
        {
            return new Finding(part, Found: false, Required: true, error.Sentence);
        }
        catch (Exception error) when (error is DllNotFoundException or TypeInitializationException or OnnxRuntimeException)
        {
            return new Finding(
                part,
                Found: false,
                Required: true,
                $"cannot be loaded ({error.GetBaseException().Message}); run ./latentsync, which installs it"
            );
        }
    }

    private static async Task<FormattableString> DescribeFfmpegAsync(CancellationToken cancellationToken)
    {
        var tools = MediaTools.Locate();
        return $"{await tools.RequireVersionAsync(cancellationToken).ConfigureAwait(false)} ({tools.FfmpegPath}, {tools.FfprobePath})";
    }

    private static FormattableString DescribeFaceModels()
    {
        string[] names = [FaceModelFiles.BackDetector, FaceModelFiles.FullRangeDetector, FaceModelFiles.Mesh];
        foreach (var name in names)
        {
            FaceModelFiles.Require(FaceModelFiles.DefaultFolder, name);
        }

        return $"{string.Join(", ", names)}";
    }

    private static FormattableString DescribeMachine()
    {
        var (cores, memory) = (Environment.ProcessorCount, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20);
        var (system, processor) = (RuntimeInformation.OSDescription, RuntimeInformation.OSArchitecture);
        return $"{system}, {processor}, {cores} cores, {memory} MiB memory, {RuntimeInformation.FrameworkDescription}";
    }

    private static FormattableString DescribeModels(string folder)
    {
        var found = ModelFolder.Open(folder);
        return found.Version switch
        {
            { Version: { } version, Reason: var reason } => $"LatentSync {version} in {folder}: {reason}",
            { Resolution: { } resolution } => $"faces of {resolution} pixels, in {folder}",
            { Reason: var reason } => $"LatentSync of unknown version in {folder}: {reason}",
        };
    }
}
