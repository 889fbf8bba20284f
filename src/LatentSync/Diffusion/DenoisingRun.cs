using LatentSync.Tensors;

namespace LatentSync.Diffusion;

/// <summary>A clip's way through the network at every step: hearing its sound, hearing silence, or both side by side.</summary>
internal sealed class DenoisingRun
{
    /// <summary>Channels of the network's input: noisy latents, mask, masked-image latents, reference latents.</summary>
    private const int SampleChannels = (3 * LatentShape.Channels) + 1;

    private readonly bool _isGuided;
    private readonly Tensor _sample;
    private readonly Tensor _audio;
    private Tensor? _feature;
    private Tensor? _prediction;

    /// <summary>Fills in what does not change from step to step.</summary>
    /// <param name="conditions">The clip.</param>
    /// <param name="isGuided">Whether it hears silence as well, side by side with its sound.</param>
    /// <param name="isSilent">Whether it hears silence alone.</param>
    public DenoisingRun(ClipConditions conditions, bool isGuided = false, bool isSilent = false)
    {
        (_isGuided, IsForGuidanceOnly) = (isGuided, isSilent);
        _audio = isSilent ? new Tensor([.. conditions.Audio.Shape]) : conditions.Audio;
        _sample = Sample(conditions);
    }

    /// <summary>Whether only guided steps need it.</summary>
    public bool IsForGuidanceOnly { get; }

    /// <summary>The noise that was predicted last, [frames, 4, height, width]; of both halves, the silent one first, if they run side by side.</summary>
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
            latents.Row(row).CopyTo(_sample.Row(row));
        }

        if (_feature is null || step.IsFull)
        {
            _feature = network.DeepFeature(_sample, _isGuided, step.Timestep, _audio, cancellationToken);
        }

        _prediction = network.PredictNoise(_sample, _isGuided, step.Timestep, _audio, _feature, cancellationToken);
    }

    /// <summary>The constant channels of the network's input; the latents are put in before each step.</summary>
    private static Tensor Sample(ClipConditions conditions)
    {
        var (height, width) = (conditions.Mask.Shape[1], conditions.Mask.Shape[2]);
        var plane = height * width;
        var sample = new Tensor(conditions.Frames, SampleChannels, height, width);
        for (var frame = 0; frame < conditions.Frames; frame++)
        {
            var channels = sample.Row(frame)[(LatentShape.Channels * plane)..];
            conditions.Mask.Row(frame).CopyTo(channels);
            conditions.MaskedImageLatents.Row(frame).CopyTo(channels[plane..]);
            conditions.ReferenceLatents.Row(frame).CopyTo(channels[((1 + LatentShape.Channels) * plane)..]);
        }

        return sample;
    }
}
