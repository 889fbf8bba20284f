namespace LatentSync.Checkpoints.Tensors;

/// <summary>A mapped file of named tensors: a PyTorch zip archive or a safetensors file.</summary>
internal abstract class TensorArchive : IDisposable
{
    private readonly MappedFile _file;

    private protected TensorArchive(MappedFile file) => _file = file;

    /// <summary>The file's path as it was given.</summary>
    public string Path => _file.Path;

    /// <summary>The file's length in bytes.</summary>
    public long Length => _file.Length;

    /// <summary>The tensors by name.</summary>
    public IReadOnlyDictionary<string, StoredTensor> Tensors { get; private protected init; } = new Dictionary<string, StoredTensor>(StringComparer.Ordinal);

    /// <summary>
    /// Single values beside the tensors: long, double, bool or string. Those of a dictionary have its name in front, as in
    /// <c>dims.n_mels</c>.
    /// </summary>
    public IReadOnlyDictionary<string, object> Scalars { get; private protected init; } = new Dictionary<string, object>(StringComparer.Ordinal);

    /// <summary>Unmaps the file; its tensors become unusable.</summary>
    public void Dispose()
    {
        _file.Dispose();
        GC.SuppressFinalize(this);
    }
}
