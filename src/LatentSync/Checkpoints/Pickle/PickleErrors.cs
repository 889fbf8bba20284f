using LatentSync.Checkpoints.Tensors;

namespace LatentSync.Checkpoints.Pickle;

/// <summary>What is said of a pickle that does more than hold weights.</summary>
internal static class PickleErrors
{
    /// <summary>Refuses a file that could run code in Python.</summary>
    /// <param name="path">The model file.</param>
    /// <param name="problem">What it does, such as "refers to posix.system, which plain weights never do".</param>
    public static LipSyncException Refused(string path, FormattableString problem) =>
        ModelErrors.Refused(path, $"{problem}, so nothing in it was run; get the model from a source you trust, or as safetensors");
}
