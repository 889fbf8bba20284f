namespace LatentSync.Server.Jobs;

/// <summary>Where a job is in its life. States never go back, except by a retry, which is an event of its own.</summary>
internal enum JobState
{
    /// <summary>Accepted; an input has not been uploaded yet.</summary>
    Uploading,

    /// <summary>Both inputs are here; a worker has not begun.</summary>
    Queued,

    /// <summary>The faces are being found over the whole video.</summary>
    Analysing,

    /// <summary>The segments are being generated.</summary>
    Generating,

    /// <summary>The segments are being joined and get their sound.</summary>
    Joining,

    /// <summary>The result is there.</summary>
    Succeeded,

    /// <summary>It failed; what was finished is kept, and a retry resumes from there.</summary>
    Failed,

    /// <summary>Somebody stopped it.</summary>
    Cancelled,
}
