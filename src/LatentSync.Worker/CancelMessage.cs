namespace LatentSync.Worker;

/// <summary>Stops the job that runs; means nothing if none does.</summary>
internal sealed record CancelMessage : HostMessage;
