using LatentSync.Audio;
using LatentSync.Checkpoints;
using LatentSync.Diffusion;
using LatentSync.Latents;
using LatentSync.Networks.UNet;
using LatentSync.Networks.Vae;
using LatentSync.Networks.Whisper;

namespace LatentSync.Pipeline;

/// <summary>The networks of a model folder, checked and opened.</summary>
internal sealed class LipSyncModel : IDisposable
{
    // Three halvings in the VAE and three in the UNet.
    private const int ResolutionStep = 64;
    private const int HighestResolution = 1024;

    private readonly TensorArchive _unetArchive;
    private readonly TensorArchive _vaeArchive;
    private readonly TensorArchive _whisperArchive;
    private readonly UNetNoisePredictor _unet;
    private readonly VaeCodec _vae;
    private readonly WhisperAudioEncoder _whisper;

    private LipSyncModel(ModelFolder folder, int resolution, CancellationToken cancellationToken)
    {
        Resolution = resolution;
        _unetArchive = TensorArchive.Open(folder.UNetPath);
        _vaeArchive = TensorArchive.Open(folder.VaePath);
        _whisperArchive = TensorArchive.Open(folder.WhisperPath);
        var latentSize = resolution / VaeCodec.DownscaleFactor;
        var audioTokens = FrameAudio.RowsPerContext * (folder.Whisper.LayerCount + 1);

        var unet = WeightSource.Of(_unetArchive);
        var shape = new UNetShape(Clips: 1, latentSize, latentSize, audioTokens);
        Verify(
            unet,
            [UNetGraphs.Trunk(folder.UNet, shape).Weights, UNetGraphs.Head(folder.UNet, shape).Weights],
            name => folder.UNet.MotionModule is not { DecoderOnly: false } && name.Contains(".motion_modules.", StringComparison.Ordinal),
            cancellationToken);
        var vae = new WeightSource(folder.VaePath, VaeStateDict.Read(_vaeArchive));
        Verify(
            vae,
            [VaeGraphs.Encoder(folder.Vae, resolution, resolution).Weights, VaeGraphs.Decoder(folder.Vae, latentSize, latentSize).Weights],
            mayBeIgnored: null,
            cancellationToken);
        var whisper = WeightSource.Of(_whisperArchive);
        Verify(
            whisper,
            [WhisperGraph.Encoder(folder.Whisper).Weights],
            name => name.StartsWith("decoder.", StringComparison.Ordinal) || name.StartsWith("encoder.ln_post.", StringComparison.Ordinal),
            cancellationToken);

        _unet = new UNetNoisePredictor(folder.UNet, unet, latentSize, audioTokens);
        _vae = new VaeCodec(folder.Vae, vae, resolution);
        _whisper = new WhisperAudioEncoder(folder.Whisper, whisper);
    }

    /// <summary>Width and height of the faces in pixels.</summary>
    public int Resolution { get; }

    /// <summary>Sound to features.</summary>
    public IAudioEncoder AudioEncoder => _whisper;

    /// <summary>Opens a model folder.</summary>
    /// <exception cref="LipSyncException">Something is missing, damaged or does not fit; nothing of it stays open.</exception>
    public static LipSyncModel Load(LipSyncEngineOptions options, CancellationToken cancellationToken)
    {
        var folder = ModelFolder.Open(options.ModelFolder);
        return new LipSyncModel(folder, ChooseResolution(folder, options.Resolution), cancellationToken);
    }

    /// <summary>What paints the faces of one video.</summary>
    public IFaceGenerator CreateGenerator(LipSyncOptions options)
    {
        var size = Resolution / VaeCodec.DownscaleFactor;
        return new DiffusionFaceGenerator(
            _vae,
            new ClipSampler(_unet),
            new RepaintMask(Resolution),
            FrameNoise.Draw(options.Seed, frame: 0, ClipSampler.LatentChannels, size, size),
            new SamplerOptions(options.InferenceSteps, (float)options.LipsExpression, options.CacheInterval));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _unet.Dispose();
        _vae.Dispose();
        _whisper.Dispose();
        _unetArchive.Dispose();
        _vaeArchive.Dispose();
        _whisperArchive.Dispose();
    }

    private static int ChooseResolution(ModelFolder folder, int? wanted)
    {
        if (wanted is { } given && folder.Resolution is { } told && given != told)
        {
            throw new LipSyncException(
                LipSyncErrorCode.InvalidOptions,
                Invariant($"--resolution {given} does not fit the model, which paints faces of {told} pixels ({folder.Version.Reason}); leave the option out."))
            {
                Path = folder.Path,
            };
        }

        var resolution = wanted ?? folder.Resolution ?? throw new LipSyncException(
            LipSyncErrorCode.InvalidOptions,
            $"Nothing in \"{folder.Path}\" tells whether the model is LatentSync 1.5 or 1.6; pass --resolution 256 for 1.5 or --resolution 512 for 1.6.")
        {
            Path = folder.Path,
        };
        return resolution is > 0 and <= HighestResolution && resolution % ResolutionStep == 0
            ? resolution
            : throw new LipSyncException(
                LipSyncErrorCode.InvalidOptions,
                Invariant($"The resolution is {resolution}; it must be a multiple of {ResolutionStep} up to {HighestResolution}."));
    }

    private static void Verify(
        WeightSource source, IEnumerable<IReadOnlyList<TensorSpec>> graphs, Func<string, bool>? mayBeIgnored, CancellationToken cancellationToken)
    {
        // The UNet's two graphs share the first convolution and the time embedding.
        var weights = graphs.SelectMany(graph => graph).DistinctBy(weight => weight.Name, StringComparer.Ordinal).ToList();
        StateDictVerifier.Verify(source.Tensors, source.Path, weights, mayBeIgnored);
        WeightScan.RequireFinite(weights.Select(weight => source.Tensors[weight.Name]), source.Path, cancellationToken);
    }
}
