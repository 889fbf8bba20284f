namespace LatentSync.Media.Formats;

/// <summary>How many pixels share a colour sample.</summary>
internal enum ChromaSampling
{
    /// <summary>Two by two pixels; also pictures without colour, which every player shows this way.</summary>
    Quarter = 420,

    /// <summary>Two pixels beside each other.</summary>
    Half = 422,

    /// <summary>None: each has its own.</summary>
    Full = 444,
}
