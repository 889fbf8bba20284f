using LatentSync.Audio;
using LatentSync.Backends;

namespace LatentSync.Pipeline.Flow;

/// <summary>What <see cref="ClipGeneration"/> works with. It owns none of it.</summary>
/// <param name="Generator">Paints the mouths.</param>
/// <param name="Audio">The sound at each frame of the model.</param>
/// <param name="Steps">Denoising steps of a clip, for the progress.</param>
internal sealed record GenerationInputs(IFaceGenerator Generator, FrameAudio Audio, int Steps);
