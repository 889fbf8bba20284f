namespace LatentSync.FrontEnd.Events;

/// <summary>What nobody expected, as an error like all others.</summary>
internal static class InternalFault
{
    /// <summary>The error, with its stack trace for the report.</summary>
    public static LipSyncException Of(Exception error) =>
        new(
            LipSyncErrorCode.Internal,
            $"latentsync failed because of a fault of its own ({error.GetType().Name}: {error.Message.TrimEnd('.')}); please report it with the lines below.",
            error
        )
        {
            Detail = error.ToString(),
        };
}
