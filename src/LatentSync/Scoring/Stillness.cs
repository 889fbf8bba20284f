namespace LatentSync.Scoring;

/// <summary>Whether the mouth rests while there is nothing to hear.</summary>
internal static class Stillness
{
    // A mouth needs some time to close after a word, and opens before one.
    private const int FramesAroundSound = 5;
    private const double ClosedShareOfRange = 0.1;
    private const double RangeQuantile = 0.98;

    /// <summary>
    /// Share of the frames within silence (0.2 s and more from any sound) in which the mouth is open by less than a
    /// tenth of its range; null if there is no such silence.
    /// </summary>
    /// <param name="lips">Mouth opening per frame; NaN where there is no face.</param>
    /// <param name="sound">Loudness per frame, 0 = silent.</param>
    public static double? ClosedShare(IReadOnlyList<double> lips, IReadOnlyList<double> sound)
    {
        var known = lips.Where(value => !double.IsNaN(value)).Order().ToList();
        var silent = Enumerable.Range(0, lips.Count).Where(frame => !double.IsNaN(lips[frame]) && IsSilentAround(sound, frame)).ToList();
        if (silent.Count == 0)
        {
            return null;
        }

        var (closed, open) = (known[0], known[(int)((known.Count - 1) * RangeQuantile)]);
        var limit = closed + (ClosedShareOfRange * (open - closed));
        return (double)silent.Count(frame => lips[frame] <= limit) / silent.Count;
    }

    private static bool IsSilentAround(IReadOnlyList<double> sound, int frame)
    {
        for (var i = Math.Max(0, frame - FramesAroundSound); i <= Math.Min(sound.Count - 1, frame + FramesAroundSound); i++)
        {
            if (sound[i] > 0)
            {
                return false;
            }
        }

        return true;
    }
}
