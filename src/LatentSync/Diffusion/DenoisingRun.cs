using LatentSync.Tensors;

namespace LatentSync.Diffusion;

/// <summary>A clip's way through the network at every step: hearing its sound, hearing silence, or both side by side.</summary>
internal sealed class DenoisingRun
{
    /// <summary>Channels of the network's input: noisy latents, mask, masked-image latents, reference latents.</summary>
    private const int SampleChannels = (3 * LatentShape.Channels) + 1;

    private readonly int _clips;
    private readonly Tensor _sample;
    private readonly Tensor _audio;
    private Tensor? _feature;
    private Tensor? _prediction;

    /// <summary>Fills in what does not change from step to step.</summary>
    /// <param name="conditions">The clip.</param>
    /// <param name="silentClips">1 if it runs without its sound; it comes first then.</param>
    /// <param name="hearingClips">1 if it runs with its sound.</param>
    public DenoisingRun(ClipConditions conditions, int silentClips, int hearingClips)
    {
        _clips = silentClips + hearingClips;
        IsForGuidanceOnly = hearingClips == 0;
        _audio = silentClips == 0 ? conditions.Audio : Behind(silentClips, conditions.Audio, hearingClips);
        _sample = Sample(conditions, _clips);
    }

    /// <summary>Whether only guided steps need it.</summary>
    public bool IsForGuidanceOnly { get; }

    /// <summary>The noise that was predicted last, [clips * frames, 4, height, width].</summary>
    public Span<float> Prediction => _prediction!.Span;

    /// <summary>Predicts the noise of a step.</summary>
    /// <param name="network">The network.</param>
    /// <param name="step">The step.</param>
    /// <param name="latents">[frames, 4, height, width].</param>
    /// <param name="cancellationToken">Stops between two operators of the network.</param>
    public void Predict(INoisePredictor network, SamplingStep step, Tensor latents, CancellationToken cancellationToken)
    {
        for (var row = 0; row < _sample.Shape[0]; row++)
        {
            latents.Row(row % latents.Shape[0]).CopyTo(_sample.Row(row));
        }

        if (_feature is null || step.IsFull)
        {
            _feature = network.DeepFeature(_sample, _clips, step.Timestep, _audio, cancellationToken);
        }

        _prediction = network.PredictNoise(_sample, _clips, step.Timestep, _audio, _feature, cancellationToken);
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

    /// <summary>Clips of zeros, [frames, ...] each, and the audio behind them.</summary>
    private static Tensor Behind(int silentClips, Tensor audio, int hearingClips)
    {
        var all = new Tensor((silentClips + hearingClips) * audio.Shape[0], audio.Shape[1], audio.Shape[2]);
        for (var clip = silentClips; clip < silentClips + hearingClips; clip++)
        {
            audio.Span.CopyTo(all.Span[(clip * audio.Length)..]);
        }

        return all;
    }
}
