namespace LatentSync.Server.Data;

/// <summary>What a worker does at once.</summary>
internal enum WorkKind
{
    /// <summary>Brings an input from its address.</summary>
    Fetch,

    /// <summary>Finds the faces of the whole video.</summary>
    Analyse,

    /// <summary>Generates one segment.</summary>
    Segment,

    /// <summary>Joins the segments to the result.</summary>
    Join,

    /// <summary>Measures how well the lips of the result follow the sound.</summary>
    Score,
}
