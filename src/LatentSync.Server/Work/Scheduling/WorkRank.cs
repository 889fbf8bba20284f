namespace LatentSync.Server.Work.Scheduling;

/// <summary>What of all that waits comes first, whoever it is for.</summary>
internal static class WorkRank
{
    /// <summary>Somebody waits for it.</summary>
    public const int Needed = 0;

    /// <summary>The result is there: nobody who still waits for one is to wait for this.</summary>
    public const int Extra = 1;

    /// <summary>Somebody is at it already.</summary>
    public const int Race = 2;
}
