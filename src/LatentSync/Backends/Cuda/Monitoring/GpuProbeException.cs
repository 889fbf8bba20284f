namespace LatentSync.Backends.Cuda.Monitoring;

/// <summary>A card could not be asked. The message is a clause without a full stop, for use inside a sentence.</summary>
/// <param name="sentence">A clause without a full stop.</param>
internal sealed class GpuProbeException(FormattableString sentence) : Exception(Invariant(sentence))
{
    /// <summary>The message as a template and what goes into it.</summary>
    public FormattableString Sentence => sentence;
}
