using System.Globalization;
using LatentSync.FrontEnd.Words;

namespace LatentSync.Cli.Reporting;

/// <summary>Stages and times in words.</summary>
internal static class StageNames
{
    /// <summary>A stage, which begins a line.</summary>
    public static string Of(LipSyncStage stage)
    {
        var word = CommandWords.Say(Word(stage));
        return char.ToUpperInvariant(word[0]) + word[1..];
    }

    public static string Of(LipSyncWork work) => CommandWords.Say(Word(work));

    /// <summary>What is done to a model.</summary>
    public static string Of(ModelProgress progress) => CommandWords.Say(Word(progress.Action));

    private static FormattableString Word(string action) =>
        action switch
        {
            "download" => $"download",
            "verify" => $"verify",
            "import" => $"import",
            _ => $"{action}",
        };

    private static FormattableString Word(LipSyncStage stage) =>
        stage switch
        {
            LipSyncStage.Prepare => $"preparing",
            LipSyncStage.Faces => $"faces",
            LipSyncStage.Diffusion => $"diffusion",
            LipSyncStage.Output => $"output",
            _ => throw new ArgumentOutOfRangeException(nameof(stage)),
        };

    private static FormattableString Word(LipSyncWork work) =>
        work switch
        {
            LipSyncWork.Decode => $"decode",
            LipSyncWork.Faces => $"faces",
            LipSyncWork.Audio => $"audio",
            LipSyncWork.VaeEncode => $"VAE encode",
            LipSyncWork.Denoise => $"denoise",
            LipSyncWork.VaeDecode => $"VAE decode",
            LipSyncWork.Restore => $"restore",
            LipSyncWork.Encode => $"encode",
            LipSyncWork.WaitForFrames => $"waiting for frames",
            LipSyncWork.WaitForWriter => $"waiting for the writer",
            _ => throw new ArgumentOutOfRangeException(nameof(work)),
        };

    /// <summary>Such as <c>1:05 left</c>; empty if unknown or done.</summary>
    public static string TimeLeft(TimeSpan? remaining) =>
        remaining is { } time && time > TimeSpan.Zero ? CommandWords.Say($"{Clock(time)} left") : string.Empty;

    /// <summary>m:ss, or h:mm:ss from an hour on.</summary>
    public static string Clock(TimeSpan time) => time.ToString(time.TotalHours >= 1 ? @"h\:mm\:ss" : @"m\:ss", CultureInfo.InvariantCulture);
}
