namespace LatentSync.Server.Data;

/// <summary>A message to a client's address, sent until it is taken or a day has passed.</summary>
internal sealed class WebhookDelivery
{
    /// <summary>The <c>webhook-id</c>: the same each time it is sent.</summary>
    public required string Id { get; init; }

    public required string JobId { get; init; }

    public required string Url { get; init; }

    public required string Body { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset NextAt { get; set; }

    public int Attempts { get; set; }

    public DateTimeOffset? DeliveredAt { get; set; }

    /// <summary>Given up: a day has passed.</summary>
    public DateTimeOffset? AbandonedAt { get; set; }

    public string? LastError { get; set; }
}
