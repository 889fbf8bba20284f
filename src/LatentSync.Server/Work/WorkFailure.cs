namespace LatentSync.Server.Work;

/// <summary>Why a piece of work failed.</summary>
/// <param name="Kind">As in docs/errors.md, in snake case, or <c>engine_lost</c>, <c>engine_silent</c>, <see cref="Spoiled"/>.</param>
/// <param name="Message">One sentence.</param>
internal sealed record WorkFailure(string Kind, string Message)
{
    /// <summary>The storage does not give what was put there.</summary>
    public const string Spoiled = "storage_spoiled";
}
