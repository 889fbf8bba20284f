namespace LatentSync.Server.Engines;

/// <summary>The engine failed at a job, or was lost.</summary>
/// <param name="kind">As in docs/errors.md, in snake case, or one of the kinds here.</param>
/// <param name="message">One sentence.</param>
internal sealed class EngineException(string kind, string message) : Exception(message)
{
    /// <summary>The process ended without an answer.</summary>
    public const string Lost = "engine_lost";

    /// <summary>The process said nothing for too long and was killed.</summary>
    public const string Silent = "engine_silent";

    /// <summary>The process does not speak the protocol, or not the parts of it that are needed.</summary>
    public const string Unfit = "engine_unfit";

    public string Kind => kind;
}
