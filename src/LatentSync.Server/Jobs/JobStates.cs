namespace LatentSync.Server.Jobs;

/// <summary>What holds for states.</summary>
internal static class JobStates
{
    /// <summary>Whether nothing happens to the job any more by itself.</summary>
    public static bool IsFinal(this JobState state) => state is JobState.Succeeded or JobState.Failed or JobState.Cancelled;

    /// <summary>Whether a job may go from one state to the other. A retry goes back and says so.</summary>
    public static bool MayFollow(this JobState next, JobState before) => !before.IsFinal() && next > before;
}
