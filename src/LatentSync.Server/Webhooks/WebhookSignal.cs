using LatentSync.Server.Events;

namespace LatentSync.Server.Webhooks;

/// <summary>Wakes the sender: there are messages in the database.</summary>
internal sealed class WebhookSignal : Signal;
