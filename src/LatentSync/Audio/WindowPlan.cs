namespace LatentSync.Audio;

/// <summary>
/// How windows of 30 s cover a long sound: where each starts, and which window, or which mixture of two neighbours, a
/// row of features is taken from. Neighbours change over in the middle of their overlap.
/// </summary>
/// <param name="Stride">Rows from the start of one window to that of the next.</param>
/// <param name="FadeLength">Rows over which one window fades into the next; 0 is a hard cut.</param>
internal readonly record struct WindowPlan(int Stride, int FadeLength)
{
    /// <summary>Rows of a window.</summary>
    public const int Length = 1500;

    /// <summary>Side by side, as the public LatentSync code does. The cut shows as a twitch of the mouth every 30 s.</summary>
    public static WindowPlan Disjoint { get; } = new(Length, 0);

    /// <summary>
    /// A window every 20 s, faded over 1 s: each row has at least 4.5 s of sound on both sides, and the jump of
    /// Whisper's absolute positions is spread thin.
    /// </summary>
    public static WindowPlan Overlapping { get; } = new(1000, 50);

    /// <summary>Windows needed for so many rows.</summary>
    public int CountWindows(int rows) => rows <= Length ? 1 : 1 + ((rows - Length + Stride - 1) / Stride);

    /// <summary>Where a row comes from.</summary>
    /// <param name="row">The row, below <paramref name="rows"/>.</param>
    /// <param name="rows">Rows of the whole sound.</param>
    /// <returns>
    /// The window, and its share of the row; the rest (above 0 only inside a fade) belongs to the window before.
    /// </returns>
    public (int Window, float Share) Locate(int row, int rows)
    {
        var fadeStart = (Length - Stride - FadeLength) / 2;
        var window = Math.Clamp((row - fadeStart) / Stride, 0, CountWindows(rows) - 1);
        var inFade = row - fadeStart - (window * Stride);
        return window > 0 && inFade < FadeLength ? (window, (inFade + 0.5f) / FadeLength) : (window, 1);
    }
}
