namespace LatentSync.Worker;

/// <summary>A job from files to a file.</summary>
internal sealed record FilesMessage : InputsMessage
{
    /// <summary>The result may exist and is replaced.</summary>
    public bool Overwrite { get; set; }
}
