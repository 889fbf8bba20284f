using LatentSync.Tensors;

namespace LatentSync.Diffusion;

/// <summary>The denoising network, cut where DeepCache cuts it.</summary>
internal interface INoisePredictor
{
    /// <summary>The deep part: runs on full steps only.</summary>
    /// <param name="sample">[frames, 13, height, width] of one clip: noisy latents, mask, masked-image latents, reference latents.</param>
    /// <param name="isGuided">Whether the clip is computed without the sound as well; results then have that half first.</param>
    /// <param name="timestep">Diffusion timestep, 0..999.</param>
    /// <param name="audio">[frames, tokens, width].</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <returns>The hidden state that enters the last resnet, [frames, channels, height, width], or twice as many frames.</returns>
    Tensor DeepFeature(Tensor sample, bool isGuided, int timestep, Tensor audio, CancellationToken cancellationToken);

    /// <summary>The shallow part: runs on every step, with the feature of the last full step.</summary>
    /// <returns>The predicted noise, [frames, 4, height, width], or twice as many frames.</returns>
    Tensor PredictNoise(Tensor sample, bool isGuided, int timestep, Tensor audio, Tensor deepFeature, CancellationToken cancellationToken);
}
