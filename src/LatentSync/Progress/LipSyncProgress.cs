namespace LatentSync;

/// <summary>How far one stage of a job is.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Done">Units finished; what a unit is, the stage says.</param>
/// <param name="Total">Units in all.</param>
/// <param name="Remaining">Estimated time until this stage is finished; null while unknown.</param>
public sealed record LipSyncProgress(LipSyncStage Stage, long Done, long Total, TimeSpan? Remaining);
