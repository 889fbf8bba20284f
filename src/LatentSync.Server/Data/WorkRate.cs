namespace LatentSync.Server.Data;

/// <summary>How fast a kind of work was on this server.</summary>
internal sealed class WorkRate
{
    /// <summary>The kind, with the options on which its time depends.</summary>
    public required string Kind { get; init; }

    /// <summary>Frames of the work that is remembered; older work counts half as much after every few thousand.</summary>
    public double Frames { get; set; }

    /// <summary>Seconds that they took.</summary>
    public double Seconds { get; set; }

    /// <summary>The most memory of a card that any of it used, in bytes.</summary>
    public long PeakDeviceBytes { get; set; }
}
