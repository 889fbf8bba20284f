using LatentSync.Checkpoints.Tensors;

namespace LatentSync.Checkpoints.Safetensors;

/// <summary>A safetensors file; its text metadata are the scalars.</summary>
internal sealed class SafetensorsArchive : TensorArchive
{
    /// <summary>Reads the header; takes ownership of the mapping.</summary>
    /// <exception cref="LipSyncException">The file is damaged or holds no tensors.</exception>
    public SafetensorsArchive(MappedFile file)
        : base(file)
    {
        var header = SafetensorsHeader.Read(file);
        Tensors = header.Tensors.Count > 0 ? header.Tensors : throw ModelErrors.Refused(file.Path, $"holds no tensors; check that the right file was given");
        Scalars = header.Metadata;
    }
}
