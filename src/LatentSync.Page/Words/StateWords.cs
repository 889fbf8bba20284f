using LatentSync.Server.Jobs;
using static LatentSync.Page.Words.PageWords;

namespace LatentSync.Page.Words;

/// <summary>Names of states and stages.</summary>
internal static class StateWords
{
    public static string Of(JobState state) =>
        state switch
        {
            JobState.Uploading => Say($"Uploading"),
            JobState.Queued => Say($"In the queue"),
            JobState.Analysing => Say($"Finding faces"),
            JobState.Generating => Say($"Generating"),
            JobState.Joining => Say($"Joining"),
            JobState.Succeeded => Say($"Done"),
            JobState.Failed => Say($"Failed"),
            JobState.Cancelled => Say($"Cancelled"),
            _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
        };

    /// <summary>Why frames stay as they are.</summary>
    public static string Gap(string reason) =>
        reason switch
        {
            "turned_away" => Say($"turned away"),
            "too_small" => Say($"too small"),
            _ => Say($"no face"),
        };

    /// <summary>A length of time.</summary>
    public static string Duration(double seconds)
    {
        var time = TimeSpan.FromSeconds(Math.Max(0, Math.Round(seconds)));
        return time.TotalMinutes < 1 ? Say($"{time.Seconds} s")
            : time.TotalHours < 1 ? Say($"{time.Minutes} min {time.Seconds} s")
            : Say($"{(int)time.TotalHours} h {time.Minutes} min");
    }

    /// <summary>An amount of data.</summary>
    public static string Bytes(long bytes) =>
        bytes < 1 << 20 ? Invariant($"{bytes / 1024.0:0} KiB")
        : bytes < 1 << 30 ? Invariant($"{bytes / 1048576.0:0.0} MiB")
        : Invariant($"{bytes / 1073741824.0:0.0} GiB");
}
