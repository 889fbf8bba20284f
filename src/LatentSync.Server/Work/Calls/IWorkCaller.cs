namespace LatentSync.Server.Work.Calls;

/// <summary>Where workers are called from.</summary>
internal interface IWorkCaller
{
    /// <summary>The calls of one worker.</summary>
    IWorkCalls Open();
}
