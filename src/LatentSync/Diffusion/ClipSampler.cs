using LatentSync.Tensors;

namespace LatentSync.Diffusion;

/// <summary>
/// Denoises one clip on the CPU: plays a <see cref="SamplingPlan"/> with classifier-free guidance. Pure arithmetic around
/// the network.
/// </summary>
internal sealed class ClipSampler(INoisePredictor network)
{
    /// <summary>Channels of the network's input: noisy latents, mask, masked-image latents, reference latents.</summary>
    public const int SampleChannels = (3 * LatentShape.Channels) + 1;

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

        var clips = options.UsesGuidance ? 2 : 1;
        var latents = new Tensor(frames, LatentShape.Channels, height, width);
        noise.Span.CopyTo(latents.Span);

        var sample = Sample(conditions, clips);
        var audio = options.UsesGuidance ? BehindSilence(conditions.Audio) : conditions.Audio;
        Tensor? feature = null;
        foreach (var step in new SamplingPlan(options).Steps)
        {
            PutLatents(latents, sample, clips);
            if (feature is null || step.IsFull)
            {
                feature = network.DeepFeature(sample, clips, step.Timestep, audio, cancellationToken);
            }

            var prediction = network.PredictNoise(sample, clips, step.Timestep, audio, feature, cancellationToken).Span;
            step.Advance(options.UsesGuidance ? Guide(prediction, options.GuidanceScale) : prediction, latents.Span);
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

    /// <summary>The constant channels of the network's input; the latents are put in before each step.</summary>
    private static Tensor Sample(ClipConditions conditions, int clips)
    {
        var (height, width) = (conditions.Mask.Shape[1], conditions.Mask.Shape[2]);
        var plane = height * width;
        var sample = new Tensor(clips * conditions.Frames, SampleChannels, height, width);
        for (var row = 0; row < sample.Shape[0]; row++)
        {
            var frame = row % conditions.Frames;
            var channels = sample.Row(row)[(LatentShape.Channels * plane)..];
            conditions.Mask.Row(frame).CopyTo(channels);
            conditions.MaskedImageLatents.Row(frame).CopyTo(channels[plane..]);
            conditions.ReferenceLatents.Row(frame).CopyTo(channels[((1 + LatentShape.Channels) * plane)..]);
        }

        return sample;
    }

    private static void PutLatents(Tensor latents, Tensor sample, int clips)
    {
        var frames = latents.Shape[0];
        for (var row = 0; row < clips * frames; row++)
        {
            latents.Row(row % frames).CopyTo(sample.Row(row));
        }
    }

    /// <summary>[frames, ...] of zeros in front of the audio, for the run without guidance.</summary>
    private static Tensor BehindSilence(Tensor audio)
    {
        var both = new Tensor(2 * audio.Shape[0], audio.Shape[1], audio.Shape[2]);
        audio.Span.CopyTo(both.Span[audio.Length..]);
        return both;
    }

    /// <summary>e0 + g (e1 - e0), written over e0.</summary>
    private static Span<float> Guide(Span<float> predictions, float scale)
    {
        var without = predictions[..(predictions.Length / 2)];
        var with = predictions[(predictions.Length / 2)..];
        for (var i = 0; i < without.Length; i++)
        {
            without[i] += scale * (with[i] - without[i]);
        }

        return without;
    }
}
