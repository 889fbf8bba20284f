using LatentSync.Tensors;

namespace LatentSync.Diffusion;

/// <summary>The denoising network, cut where DeepCache cuts it.</summary>
internal interface INoisePredictor
{
    /// <summary>The deep part: runs on full steps only.</summary>
    /// <param name="sample">[clips * frames, 13, height, width]: noisy latents, mask, masked-image latents, reference latents.</param>
    /// <param name="clips">Clips in the sample that do not see each other, all of the same number of frames.</param>
    /// <param name="timestep">Diffusion timestep, 0..999.</param>
    /// <param name="audio">[clips * frames, tokens, width].</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <returns>The hidden state that enters the last resnet, [clips * frames, channels, height, width].</returns>
    Tensor DeepFeature(Tensor sample, int clips, int timestep, Tensor audio, CancellationToken cancellationToken);

    /// <summary>The shallow part: runs on every step, with the feature of the last full step.</summary>
    /// <returns>The predicted noise, [clips * frames, 4, height, width].</returns>
    Tensor PredictNoise(Tensor sample, int clips, int timestep, Tensor audio, Tensor deepFeature, CancellationToken cancellationToken);
}
