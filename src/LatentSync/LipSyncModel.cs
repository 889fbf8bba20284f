using LatentSync.Audio;
using LatentSync.Backends;
using LatentSync.Backends.Cpu;
using LatentSync.Backends.Cuda;
using LatentSync.Backends.Cuda.Memory;
using LatentSync.Backends.Cuda.Model;
using LatentSync.Checkpoints;
using LatentSync.Checkpoints.Config;
using LatentSync.Checkpoints.Tensors;
using LatentSync.Checkpoints.Verification;
using LatentSync.Diffusion;
using LatentSync.Jobs;
using LatentSync.Latents;
using LatentSync.Networks.Onnx;
using LatentSync.Networks.UNet;
using LatentSync.Networks.Vae;
using LatentSync.Networks.Whisper;
using LatentSync.Ownership;
using LatentSync.Progress;
using LatentSync.Tensors;

namespace LatentSync;

/// <summary>The networks of a model folder, checked and opened.</summary>
internal sealed class LipSyncModel : IDisposable
{
    // Three halvings in the VAE and three in the UNet.
    private const int ResolutionStep = 64;
    private const int HighestResolution = 1024;

    // Last opened, first closed: sessions before the files their weights lie in.
    private readonly OwnedResources _owned = new();
    private readonly UNetNoisePredictor? _unet;
    private readonly VaeCodec? _vae;
    private readonly DeviceEngine? _device;
    private readonly WhisperAudioEncoder _whisper;
    private readonly int _longestClip;

    private LipSyncModel(ModelFolder folder, int resolution, LipSyncEngineOptions options, CancellationToken cancellationToken)
    {
        Resolution = resolution;
        _longestClip = folder.UNet.MotionModule?.MaxPositions ?? int.MaxValue;
        try
        {
            var unet = WeightSource.Of(_owned.Add(CheckpointFile.Open(folder.UNetPath)));
            var vae = new WeightSource(folder.VaePath, VaeStateDict.Read(_owned.Add(CheckpointFile.Open(folder.VaePath))));
            var whisper = WeightSource.Of(_owned.Add(CheckpointFile.Open(folder.WhisperPath)));
            var latentSize = resolution / LatentShape.PixelsPerLatent;
            var audioTokens = FrameAudio.RowsPerContext * (folder.Whisper.LayerCount + 1);
            VerifyUNet(folder.UNet, unet, new UNetShape(Clips: 1, latentSize, latentSize, audioTokens), cancellationToken);
            VerifyVae(folder.Vae, vae, resolution, cancellationToken);
            VerifyWhisper(folder.Whisper, whisper, cancellationToken);
            _device = OpenDevice(
                new DeviceModelParts(folder.UNet, new CheckpointWeights(unet), folder.Vae, new CheckpointWeights(vae), resolution, audioTokens),
                options
            );
            if (_device is null)
            {
                _unet = _owned.Add(new UNetNoisePredictor(folder.UNet, unet, latentSize, audioTokens));
                _vae = _owned.Add(new VaeCodec(folder.Vae, vae, resolution, cancellationToken));
            }

            _whisper = _owned.Add(new WhisperAudioEncoder(folder.Whisper, whisper, cancellationToken));
            Facts = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                [JobComparison.Model] = Fingerprint(folder),
                ["device"] =
                    _device is null ? "CPU"
                    : options.Precision == DevicePrecision.Float16 ? "GPU"
                    : $"GPU in {options.Precision.Name()}",
            };
        }
        catch
        {
            Dispose();
            throw;
        }
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
        return new LipSyncModel(folder, ChooseResolution(folder, options.Resolution), options, cancellationToken);
    }

    /// <summary>What tells the model of a folder, and the side of its faces in pixels; the networks stay closed.</summary>
    /// <exception cref="LipSyncException">A file is missing, or the resolution does not fit.</exception>
    public static (string Fingerprint, int Resolution) Identify(LipSyncEngineOptions options)
    {
        var folder = ModelFolder.Open(options.ModelFolder);
        return (Fingerprint(folder), ChooseResolution(folder, options.Resolution));
    }

    /// <summary>The same of an open model.</summary>
    public (string Fingerprint, int Resolution) Identity => (Facts[JobComparison.Model], Resolution);

    /// <summary>What a result depends on of this model: the weights, and what runs them.</summary>
    public IReadOnlyDictionary<string, string> Facts { get; }

    /// <summary>Whether the networks run on a card.</summary>
    public bool RunsOnCard => _device is not null;

    /// <summary>The most memory of a card that was in use, in bytes; null on the CPU or if nobody tells.</summary>
    public long? PeakDeviceBytes => _device?.PeakBytes;

    /// <summary>Says what the card's memory is after a job.</summary>
    public void DescribeEnd() => _device?.DescribeEnd();

    /// <summary>What paints the faces of one video.</summary>
    /// <param name="options">How.</param>
    /// <param name="times">Where the time is added up.</param>
    /// <param name="cancellationToken">Ends what is started in advance.</param>
    public IFaceGenerator CreateGenerator(LipSyncOptions options, WorkTimes times, CancellationToken cancellationToken)
    {
        var size = Resolution / LatentShape.PixelsPerLatent;
        var noise = new ClipNoise(FrameNoise.Draw(options.Sampling.Seed, frame: 0, LatentShape.Channels, size, size));
        var sampling = new SamplerOptions(options.Sampling.InferenceSteps, (float)options.Sampling.LipsExpression, options.Sampling.CacheInterval)
        {
            Sampler = options.Sampling.Sampler,
            GuidanceFrom = options.Sampling.GuidanceFrom,
            GuidanceTo = options.Sampling.GuidanceTo,
        };
        return _device is null
            ? new DiffusionFaceGenerator(_vae!, new ClipSampler(_unet!), new RepaintMask(Resolution), noise, sampling, _longestClip, times)
            : _device.CreateGenerator(options.Sampling.NumFrames, noise, sampling, times, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _owned.Dispose();

    /// <summary>The card that was asked for, or one that is there; null for the CPU.</summary>
    private DeviceEngine? OpenDevice(DeviceModelParts parts, LipSyncEngineOptions options)
    {
        if (options.Device.IsCpu || (options.Device.Card is null && !DeviceEngine.IsUsable()))
        {
            return null;
        }

        try
        {
            return _owned.Add(new DeviceEngine(parts, options));
        }
        catch (LipSyncException error) when (options.Device.Card is null)
        {
            options.Notice?.Invoke($"Running on the CPU: {error.Sentence}");
            return null;
        }
    }

    private static string Fingerprint(ModelFolder folder) => WeightFingerprint.Of(folder.UNetPath, folder.VaePath, folder.WhisperPath);

    private static int ChooseResolution(ModelFolder folder, int? wanted)
    {
        if (wanted is { } given && folder.Resolution is { } told && given != told)
        {
            var option = new OptionReference(nameof(LipSyncEngineOptions.Resolution));
            var reason = folder.Version.Reason;
            throw new LipSyncException(
                LipSyncErrorCode.InvalidOptions,
                $"{option} {given} does not fit the model, which paints faces of {told} pixels ({reason}); leave the option out."
            )
            {
                Path = folder.Path,
            };
        }

        var small = new OptionReference(nameof(LipSyncEngineOptions.Resolution), "256");
        var large = new OptionReference(nameof(LipSyncEngineOptions.Resolution), "512");
        var resolution = wanted
            ?? folder.Resolution
            ?? throw new LipSyncException(
                LipSyncErrorCode.InvalidOptions,
                $"Nothing in \"{folder.Path}\" tells whether the model is LatentSync 1.5 or 1.6; pass {small} for 1.5 or {large} for 1.6."
            )
            {
                Path = folder.Path,
            };
        return resolution is > 0 and <= HighestResolution && resolution % ResolutionStep == 0
            ? resolution
            : throw new LipSyncException(
                LipSyncErrorCode.InvalidOptions,
                $"The resolution is {resolution}; it must be a multiple of {ResolutionStep} up to {HighestResolution}."
            );
    }

    private static void VerifyUNet(UNetConfig config, WeightSource source, UNetShape shape, CancellationToken cancellationToken) =>
        Verify(
            source,
            [UNetGraphs.Deep(CpuDialect.Factory, config, shape), UNetGraphs.Shallow(CpuDialect.Factory, config, shape)],
            name => config.MotionModule is not { DecoderOnly: false } && name.Contains(".motion_modules.", StringComparison.Ordinal),
            cancellationToken
        );

    private static void VerifyVae(VaeConfig config, WeightSource source, int resolution, CancellationToken cancellationToken)
    {
        var latentSize = resolution / LatentShape.PixelsPerLatent;
        Verify(
            source,
            [VaeGraphs.Encoder(CpuDialect.Factory, config, resolution, resolution), VaeGraphs.Decoder(CpuDialect.Factory, config, latentSize, latentSize)],
            mayBeIgnored: null,
            cancellationToken
        );
    }

    /// <summary>Whisper's decoder and the norm after its encoder are in the file but not used.</summary>
    private static void VerifyWhisper(WhisperDimensions dimensions, WeightSource source, CancellationToken cancellationToken) =>
        Verify(
            source,
            [WhisperGraph.Encoder(CpuDialect.Factory, dimensions)],
            name => name.StartsWith("decoder.", StringComparison.Ordinal) || name.StartsWith("encoder.ln_post.", StringComparison.Ordinal),
            cancellationToken
        );

    private static void Verify(WeightSource source, IEnumerable<NetworkGraph> graphs, Func<string, bool>? mayBeIgnored, CancellationToken cancellationToken)
    {
        // The UNet's two graphs share the first convolution and the time embedding.
        var weights = graphs.SelectMany(graph => graph.Weights).DistinctBy(weight => weight.Name, StringComparer.Ordinal).ToList();
        StateDictVerifier.Verify(source.Tensors, source.Path, weights, mayBeIgnored);
        WeightScan.RequireFinite(weights.Select(weight => source.Tensors[weight.Name]), source.Path, cancellationToken);
    }
}
