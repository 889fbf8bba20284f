namespace LatentSync.Checkpoints.Tensors;

/// <summary>The weights of one network: where they lie, and the tensors under the names the network knows.</summary>
/// <param name="Path">The file that holds the tensors.</param>
/// <param name="Tensors">The tensors; valid as long as their archive is open.</param>
internal sealed record WeightSource(string Path, IReadOnlyDictionary<string, StoredTensor> Tensors)
{
    /// <summary>
    /// The same file without links: download caches keep the bytes elsewhere and link to them, and ONNX Runtime takes
    /// weights only from the folder it is told.
    /// </summary>
    public string RealPath
    {
        get
        {
            var path = System.IO.Path.GetFullPath(Path);
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        }
    }

    /// <summary>All tensors of an archive under their own names.</summary>
    public static WeightSource Of(TensorArchive archive) => new(archive.Path, archive.Tensors);
}
