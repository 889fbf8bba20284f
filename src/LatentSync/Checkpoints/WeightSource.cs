namespace LatentSync.Checkpoints;

/// <summary>The weights of one network: where they lie, and the tensors under the names the network knows.</summary>
/// <param name="Path">The file that holds the tensors.</param>
/// <param name="Tensors">The tensors; valid as long as their archive is open.</param>
internal sealed record WeightSource(string Path, IReadOnlyDictionary<string, StoredTensor> Tensors)
{
    /// <summary>All tensors of an archive under their own names.</summary>
    public static WeightSource Of(TensorArchive archive) => new(archive.Path, archive.Tensors);
}
