using LatentSync.Tensors;

namespace LatentSync.Diffusion;

/// <summary>
/// Denoises one clip on the CPU: plays a <see cref="SamplingPlan"/> with classifier-free guidance. Pure arithmetic around
/// the network.
/// </summary>
internal sealed class ClipSampler(INoisePredictor network)
{
    /// <summary>Denoises.</summary>
    /// <param name="conditions">The clip.</param>
    /// <param name="noise">[frames, 4, height, width]: what the clip starts from.</param>
    /// <param name="options">Steps, guidance and caching.</param>
    /// <param name="stepDone">Told the number of finished steps and the latents after them; they change with the next step.</param>
    /// <param name="cancellationToken">Stops between two operators of the network.</param>
    /// <returns>Scaled latents, [frames, 4, height, width].</returns>
    public Tensor Denoise(ClipConditions conditions, Tensor noise, SamplerOptions options, Action<int, Tensor>? stepDone, CancellationToken cancellationToken)
    {
        conditions.Validate();
        var (frames, height, width) = (conditions.Frames, conditions.Mask.Shape[1], conditions.Mask.Shape[2]);
        noise.RequireShape(nameof(noise), frames, LatentShape.Channels, height, width);

        var latents = new Tensor(frames, LatentShape.Channels, height, width);
        noise.Span.CopyTo(latents.Span);
        float[][] history = [.. Enumerable.Range(0, options.HistoryLength).Select(_ => new float[latents.Length])];
        var runs = Runs(conditions, options);
        foreach (var step in new SamplingPlan(options).Steps)
        {
            foreach (var run in runs.Where(run => step.IsGuided || !run.IsForGuidanceOnly))
            {
                run.Predict(network, step, latents, cancellationToken);
            }

            step.Advance(step.IsGuided ? Guide(runs, options.GuidanceScale) : runs[^1].Prediction, latents.Span, history);
            stepDone?.Invoke(step.Index + 1, latents);
        }

        if (!float.IsFinite(TensorPrimitives.SumOfMagnitudes<float>(latents.Span)))
        {
            throw new LipSyncException(
                LipSyncErrorCode.InferenceFailed,
                $"The UNet produced NaN or infinite values; the checkpoint is probably damaged: verify it or download it again."
            );
        }

        return latents;
    }

    /// <summary>
    /// Both halves of the guidance go through the network together if all steps are guided. If only some are, the half that does
    /// not hear the sound has a run of its own, so that the network need not be opened for one clip and for two.
    /// </summary>
    private static DenoisingRun[] Runs(ClipConditions conditions, SamplerOptions options) =>
        options.MixesGuidance ? [new DenoisingRun(conditions, isSilent: true), new DenoisingRun(conditions)]
        : options.UsesGuidance ? [new DenoisingRun(conditions, isGuided: true)]
        : [new DenoisingRun(conditions)];

    /// <summary>e0 + g (e1 - e0), written over e0.</summary>
    private static Span<float> Guide(DenoisingRun[] runs, float scale)
    {
        var both = runs.Length == 1;
        var without = both ? runs[0].Prediction[..(runs[0].Prediction.Length / 2)] : runs[0].Prediction;
        var with = both ? runs[0].Prediction[without.Length..] : runs[1].Prediction;
        for (var i = 0; i < without.Length; i++)
        {
            without[i] += scale * (with[i] - without[i]);
        }

        return without;
    }
}
