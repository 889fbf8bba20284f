using System.Globalization;

namespace LatentSync.Cli.Reporting;

/// <summary>Stages and times in words.</summary>
internal static class StageNames
{
    public static string Of(LipSyncStage stage) =>
        stage switch
        {
            LipSyncStage.Prepare => "Preparing",
            LipSyncStage.Faces => "Faces",
            LipSyncStage.Diffusion => "Diffusion",
            LipSyncStage.Output => "Output",
            _ => throw new ArgumentOutOfRangeException(nameof(stage)),
        };

    public static string Of(LipSyncWork work) =>
        work switch
        {
            LipSyncWork.Decode => "decode",
            LipSyncWork.Faces => "faces",
            LipSyncWork.Audio => "audio",
            LipSyncWork.VaeEncode => "VAE encode",
            LipSyncWork.Denoise => "denoise",
            LipSyncWork.VaeDecode => "VAE decode",
            LipSyncWork.Restore => "restore",
            LipSyncWork.Encode => "encode",
            LipSyncWork.WaitForFrames => "waiting for frames",
            LipSyncWork.WaitForWriter => "waiting for the writer",
            _ => throw new ArgumentOutOfRangeException(nameof(work)),
        };

    /// <summary>Such as <c>, 1:05 left</c>; empty if unknown or done.</summary>
    public static string TimeLeft(LipSyncProgress progress) =>
        progress.Remaining is { } remaining && remaining > TimeSpan.Zero ? $", {Clock(remaining)} left" : string.Empty;

    /// <summary>m:ss, or h:mm:ss from an hour on.</summary>
    public static string Clock(TimeSpan time) => time.ToString(time.TotalHours >= 1 ? @"h\:mm\:ss" : @"m\:ss", CultureInfo.InvariantCulture);
}
