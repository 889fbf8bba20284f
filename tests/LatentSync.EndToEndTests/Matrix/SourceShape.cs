namespace LatentSync.EndToEndTests.Matrix;

/// <summary>What the times in a file are like.</summary>
public enum SourceShape
{
    /// <summary>One packet or frame after the other from the beginning on.</summary>
    Constant,

    /// <summary>Packets whose times tremble; frames that last differently long.</summary>
    Variable,

    /// <summary>The file begins later than at 0; for pictures, later than its sound.</summary>
    LateStart,

    /// <summary>The beginning is hidden by an edit list.</summary>
    EditList,

    /// <summary>Packets or frames are missing.</summary>
    Gap,
}
