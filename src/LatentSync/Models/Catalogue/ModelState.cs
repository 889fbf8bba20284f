namespace LatentSync;

/// <summary>Whether a model can be used.</summary>
public enum ModelState
{
    /// <summary>All its files are in the store.</summary>
    Ready,

    /// <summary>It comes with the program.</summary>
    Shipped,

    /// <summary>It can be downloaded by its name.</summary>
    NotPulled,

    /// <summary>Some of its files are missing or have another length; pull it again, or build the program again if it came with it.</summary>
    Incomplete,
}
