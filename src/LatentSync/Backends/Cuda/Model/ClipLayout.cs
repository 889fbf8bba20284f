using LatentSync.Backends.Cuda.Launching;
using LatentSync.Backends.Cuda.Launching.Lists;
using LatentSync.Backends.Cuda.Memory;
using LatentSync.Diffusion;

namespace LatentSync.Backends.Cuda.Model;

/// <summary>The lists of a clip under a plan, and the memory they need: known before anything runs.</summary>
internal sealed class ClipLayout
{
    /// <summary>Lays a clip out.</summary>
    /// <param name="parts">The networks.</param>
    /// <param name="traits">The device that will play it.</param>
    /// <param name="plan">How they share the memory.</param>
    /// <param name="frames">Frames that there is room for.</param>
    /// <param name="sampling">Steps and guidance.</param>
    public ClipLayout(DeviceModelParts parts, DeviceTraits traits, MemoryPlan plan, int frames, SamplerOptions sampling)
    {
        (Plan, Parts) = (plan, parts);
        Shape = new ClipShape(frames, parts.Resolution, parts.AudioTokens, sampling.Steps, sampling.UsesGuidance)
        {
            HasUnguidedSteps = sampling.MixesGuidance || !sampling.UsesGuidance,
            HistoryLength = sampling.HistoryLength,
            JoinsGuidance = plan.JoinsGuidance,
            SliceBytes = plan.SliceBytes,
            VaeImages = plan.VaeImages,
        };
        Lists = new ClipLaunchLists(parts.UNetConfig, parts.VaeConfig, traits, Shape);
        List<LaunchList> all = [.. Lists.All];
        IEnumerable<LaunchList> staying = plan.KeepsVae ? [.. Lists.EveryStep, Lists.Encoder, Lists.Decoder] : Lists.EveryStep;
        Weights = WeightPlacement.Within([.. staying], [.. Lists.UNets.Select(unet => unet.Full), Lists.Encoder, Lists.Decoder], plan.WeightBytes);
        ScratchBytes = all.Max(list => new ScratchLayout(list).Bytes);
        NamedBytes = all.SelectMany(list => list.Buffers)
            .Where(buffer => buffer.Kind == LaunchBufferKind.Named)
            .Append(Lists.TimeOf(0).Buffers.First())
            .Concat(Lists.HistoryBuffers)
            .GroupBy(buffer => buffer.Name, StringComparer.Ordinal)
            .Sum(group => group.Max(buffer => buffer.PlacedBytes));
    }

    /// <summary>The networks.</summary>
    public DeviceModelParts Parts { get; }

    /// <summary>How they share the memory.</summary>
    public MemoryPlan Plan { get; }

    /// <summary>Sizes.</summary>
    public ClipShape Shape { get; }

    /// <summary>The lists.</summary>
    public ClipLaunchLists Lists { get; }

    /// <summary>Which weights stay on the device.</summary>
    public WeightPlacement Weights { get; }

    /// <summary>Memory that all lists use in turn.</summary>
    public long ScratchBytes { get; }

    /// <summary>Memory of what goes from list to list.</summary>
    public long NamedBytes { get; }

    /// <summary>All of it.</summary>
    public long Bytes => Weights.Bytes + ScratchBytes + NamedBytes;
}
