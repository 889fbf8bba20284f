using LatentSync.Server.Events;

namespace LatentSync.Server.Work;

/// <summary>Wakes workers: there may be work.</summary>
internal sealed class WorkSignal : Signal;
