using LatentSync.Progress;

namespace LatentSync.Pipeline.Flow;

/// <summary>How far the tasks of a flow are.</summary>
/// <param name="Faces">Counts frames.</param>
/// <param name="Diffusion">Counts denoising steps times frames.</param>
/// <param name="Output">Counts frames.</param>
internal sealed record FlowProgress(ProgressMeter Faces, ProgressMeter Diffusion, ProgressMeter Output)
{
    /// <summary>Corrects the totals, which were only expected.</summary>
    public void Finish()
    {
        Faces.Finish();
        Diffusion.Finish();
        Output.Finish();
    }
}
