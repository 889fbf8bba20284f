using LatentSync.Backends.Cuda.Launching.Lists;
using LatentSync.Backends.Cuda.Launching.Operations;
using LatentSync.Backends.Cuda.Memory;
using LatentSync.Checkpoints.Config;
using LatentSync.Diffusion;
using LatentSync.Imaging;
using LatentSync.Networks.UNet;
using LatentSync.Networks.Vae;
using LatentSync.Tensors;

namespace LatentSync.Backends.Cuda.Launching;

/// <summary>
/// Everything that runs for a clip, from 8-bit faces to generated ones. The sampler's latents are the first columns of the
/// UNet's input and stay there; mask, masked-image and reference latents are the others, and do not change.
/// </summary>
internal sealed class ClipLaunchLists
{
    /// <summary>Named buffer: aligned faces, 8-bit RGB, [frame, pixel, 3].</summary>
    public const string Pixels = "pixels";

    /// <summary>Named buffer: the repaint mask at the size of the faces, float32, 1 keeps.</summary>
    public const string Mask = "mask";

    /// <summary>Named buffer: the repaint mask at the size of the latents, once for each frame.</summary>
    public const string LatentMask = "latent_mask";

    /// <summary>Named buffer: the sampler's noise, float32, [frame, pixel, 4].</summary>
    public const string Noise = "noise";

    /// <summary>Named buffer: what the resnets add at each step, float32, [step, <see cref="UNetLaunchLists.TimeWidth"/>].</summary>
    public const string Times = "times";

    /// <summary>Named buffer: the generated faces, float32, about -1..1, [frame, 3, pixel].</summary>
    public const string Faces = "faces";

    /// <summary>Named buffers: predictions of the clean latents that steps keep for later ones, float32, [frame, pixel, 4].</summary>
    public const string History = "history";

    /// <summary>Columns of the UNet's input.</summary>
    public const int SampleColumns = (3 * LatentShape.Channels) + 1;

    private const int MaskColumn = LatentShape.Channels;
    private const int MaskedColumn = MaskColumn + 1;
    private const int ReferenceColumn = MaskedColumn + LatentShape.Channels;

    private readonly ClipShape _shape;
    private readonly VaeConfig _vae;
    private readonly LaunchMatrix _sample;
    private readonly LaunchBuffer _mask;

    /// <summary>Describes them.</summary>
    public ClipLaunchLists(UNetConfig unet, VaeConfig vae, DeviceTraits traits, ClipShape shape)
    {
        var type = traits.Type;
        (_shape, _vae) = (shape, vae);
        _sample = LaunchWriter.Named(UNetGraphs.Sample, shape.Frames * shape.LatentPixels, SampleColumns);
        _mask = LaunchWriter.Named(Mask, 1, shape.FacePixels).Buffer;
        var images = new LaunchShape(shape.Frames, Clips: 1, IsGuided: shape is { IsGuided: true, JoinsGuidance: true })
        {
            MayBeShort = true,
            SliceBytes = shape.SliceBytes,
            FusedGateChannels = traits.FusedGateChannels,
        };
        UNet = new UNetLaunchLists(unet, type, images, shape.LatentSide, shape.AudioTokens);
        SilentUNet = shape is { IsGuided: true, JoinsGuidance: false }
            ? new UNetLaunchLists(unet, type, images, shape.LatentSide, shape.AudioTokens, isSilent: true)
            : null;
        HearingUNet = shape is { IsGuided: true, JoinsGuidance: true, HasUnguidedSteps: true }
            ? new UNetLaunchLists(unet, type, images with { IsGuided = false }, shape.LatentSide, shape.AudioTokens)
            : null;
        Encoder = VaeLaunchLists.Encoder(vae, type, shape.VaeImages, shape.FaceSide);
        Decoder = VaeLaunchLists.Decoder(vae, type, shape.VaeImages, shape.LatentSide);
        Begin = new LaunchList(
            "noise and mask",
            [
                new CopyColumnsOperation(LaunchWriter.Named(Noise, _sample.RowCount, LatentShape.Channels), _sample.Columns(0, LatentShape.Channels)),
                new CopyColumnsOperation(LaunchWriter.Named(LatentMask, _sample.RowCount, 1), _sample.Columns(MaskColumn, 1)),
            ]
        );

        // The last slice may overlap the one before: all have as many images.
        var firsts = Enumerable
            .Range(0, (shape.Frames + shape.VaeImages - 1) / shape.VaeImages)
            .Select(i => Math.Min(i * shape.VaeImages, shape.Frames - shape.VaeImages));
        Slices = [.. firsts.Select(Slice)];
    }

    /// <summary>The UNet; of both halves of the guidance, or of that which hears.</summary>
    public UNetLaunchLists UNet { get; }

    /// <summary>The UNet of the half that does not hear; null if there is none, or none of its own.</summary>
    public UNetLaunchLists? SilentUNet { get; }

    /// <summary>
    /// The UNet of steps without guidance, where <see cref="UNet"/> is of both halves; null if there are none, or no need. It leaves
    /// its feature, which each stretch of steps begins with, in the same place.
    /// </summary>
    public UNetLaunchLists? HearingUNet { get; }

    /// <summary>Images of a slice to moments.</summary>
    public LaunchList Encoder { get; }

    /// <summary>Latents of a slice to images.</summary>
    public LaunchList Decoder { get; }

    /// <summary>Noise and mask go into the UNet's input.</summary>
    public LaunchList Begin { get; }

    /// <summary>What surrounds the VAE, slice by slice.</summary>
    public IReadOnlyList<VaeSlice> Slices { get; }

    /// <summary>All lists of the UNet; the largest comes first, and makes the buffers that it shares with the others.</summary>
    public IEnumerable<UNetLaunchLists> UNets => Halves(isGuided: true).Union(Halves(isGuided: false));

    /// <summary>What the kept predictions take.</summary>
    public IEnumerable<LaunchBuffer> HistoryBuffers => Enumerable.Range(0, _shape.HistoryLength).Select(slot => Kept(slot).Buffer);

    /// <summary>Lists that are played at every step, or are small.</summary>
    public IEnumerable<LaunchList> EveryStep => [UNet.Prelude, .. UNets.Select(unet => unet.Cached), Begin, .. Slices.SelectMany(slice => slice.All)];

    /// <summary>Everything but the steps of the sampler.</summary>
    public IEnumerable<LaunchList> All => [.. EveryStep, .. UNets.Select(unet => unet.Full), Encoder, Decoder];

    /// <summary>What is computed at a step, one after the other.</summary>
    public IEnumerable<UNetLaunchLists> Halves(bool isGuided) =>
        !isGuided ? [HearingUNet ?? UNet]
        : SilentUNet is null ? [UNet]
        : [SilentUNet, UNet];

    /// <summary>Before a step: what the resnets add.</summary>
    public LaunchList TimeOf(int step)
    {
        var times = LaunchWriter.Named(Times, _shape.Steps, UNet.TimeWidth);
        return new LaunchList("time", [new CopyColumnsOperation(times.RowRange(step, 1), LaunchWriter.Named(LaunchDialect.Time, 1, UNet.TimeWidth))]);
    }

    /// <summary>After a step: guidance and the sampler.</summary>
    public LaunchList Advance(SamplingStep step, float guidance)
    {
        var (rows, joined) = (_sample.RowCount, step.IsGuided && SilentUNet is null);
        var noise = LaunchWriter.Named(UNetLaunchLists.NoisePrediction, joined ? 2 * rows : rows, LatentShape.Channels);
        var with = noise.RowRange(noise.RowCount - rows, rows);
        var without =
            step.IsGuided && SilentUNet is not null
                ? LaunchWriter.Named(UNetLaunchLists.SilentNoisePrediction, rows, LatentShape.Channels)
                : noise.RowRange(0, rows);
        var latents = _sample.Columns(0, LatentShape.Channels);
        var update = new SamplerStepOperation(latents, without, with, guidance, step.LatentFactor, step.NoiseFactor);
        return new LaunchList("sampler step", [step.History is { } history ? WithHistory(update, history) : update]);
    }

    private MultistepOperation WithHistory(SamplerStepOperation update, HistoryFactors history) =>
        new(
            update,
            Kept(history.NewerSlot),
            Kept(history.OlderSlot),
            history.NewerFactor,
            history.OlderFactor,
            history.CleanLatentFactor,
            history.CleanNoiseFactor
        );

    /// <summary>A place for a prediction of the clean latents.</summary>
    private LaunchMatrix Kept(int slot) => LaunchWriter.Named(Invariant($"{History} {slot}"), _sample.RowCount, LatentShape.Channels);

    private VaeSlice Slice(int first)
    {
        var (faceRows, latentRows) = (_shape.VaeImages * _shape.FacePixels, _shape.VaeImages * _shape.LatentPixels);
        var pixels = LaunchWriter.NamedBytes(Pixels, _shape.Frames * _shape.FacePixels, RgbImage.Channels).RowRange(first * _shape.FacePixels, faceRows);
        var image = LaunchWriter.Named(VaeGraphs.Image, faceRows, RgbImage.Channels);
        var moments = LaunchWriter.Named(VaeGraphs.Moments, latentRows, 2 * LatentShape.Channels).Columns(0, LatentShape.Channels);
        var sample = _sample.RowRange(first * _shape.LatentPixels, latentRows);
        var latents = LaunchWriter.Named(VaeGraphs.Latents, latentRows, LatentShape.Channels);
        var faces = LaunchWriter
            .Named(Faces, _shape.Frames * RgbImage.Channels, _shape.FacePixels)
            .RowRange(first * RgbImage.Channels, _shape.VaeImages * RgbImage.Channels);
        var (scale, shift) = ((float)_vae.ScalingFactor, (float)_vae.ShiftFactor);
        return new VaeSlice(
            first,
            new LaunchList("masked faces", [new FacePixelsOperation(pixels, _mask, image)]),
            Place("masked latents", MaskedColumn),
            new LaunchList("whole faces", [new FacePixelsOperation(pixels, null, image)]),
            Place("reference latents", ReferenceColumn),
            new LaunchList("latents", [new CopyColumnsOperation(sample.Columns(0, LatentShape.Channels), latents, 1 / scale, shift)]),
            new LaunchList("composite", [new CompositeFacesOperation(image, pixels, _mask, faces)])
        );

        LaunchList Place(string name, int column) =>
            new(name, [new CopyColumnsOperation(moments, sample.Columns(column, LatentShape.Channels), scale, -shift * scale)]);
    }
}
