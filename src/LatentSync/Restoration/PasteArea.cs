namespace LatentSync;

/// <summary>What of a painted face goes back into the frame.</summary>
public enum PasteArea
{
    /// <summary>
    /// What moves: where the painted face differs from the frame in more than sharpness. It gets the colour and the grain of what
    /// surrounds it; the rest keeps the pixels of the frame.
    /// </summary>
    Moving = 0,

    /// <summary>All that the model paints: cheeks, mouth, chin and neck.</summary>
    Painted = 1,
}
