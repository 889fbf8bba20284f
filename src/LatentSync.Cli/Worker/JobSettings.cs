using LatentSync.Cli.Commands;

namespace LatentSync.Cli.Worker;

/// <summary>
/// The settings of a job; names and ranges are those of the command line, with underscores. Settable, because the generated
/// reader gives init-only properties that are left out the default of their type.
/// </summary>
internal sealed record JobSettings
{
    private const string Auto = "auto";

    private static readonly LipSyncOptions Defaults = new();

    /// <summary>
    /// A model folder, the name of one in <see cref="ModelFolders"/> or of a model in the store; auto for the first there is
    /// in these folders, else what <c>latentsync sync</c> would use.
    /// </summary>
    public string Model { get; set; } = Auto;

    /// <summary>Where the host's users put models.</summary>
    public IReadOnlyList<string> ModelFolders { get; set; } = [];

    public string Device { get; set; } = LipSyncDevice.Auto.ToString();

    /// <summary>auto, low, medium, high, or GiB.</summary>
    public string Vram { get; set; } = VramOption.Auto;

    public bool Float32 { get; set; }

    public int NumFrames { get; set; } = Defaults.NumFrames;

    public int CacheInterval { get; set; } = Defaults.CacheInterval;

    public int InferenceSteps { get; set; } = Defaults.InferenceSteps;

    public double LipsExpression { get; set; } = Defaults.LipsExpression;

    public ulong Seed { get; set; } = Defaults.Seed;

    public string Face { get; set; } = Defaults.Face.ToString();

    public int BridgeFrames { get; set; } = Defaults.BridgeFrames;

    public bool Strict { get; set; }

    public bool Parity { get; set; }

    public LipSyncLength Length { get; set; } = Defaults.Length;

    public LipSyncLoop Loop { get; set; } = Defaults.Loop;

    public double SilentPadding { get; set; }

    /// <summary>Frames only: no network runs; every frame comes back as it is, in the order and number it would have.</summary>
    public bool PassThrough { get; set; }

    /// <summary>For the library.</summary>
    /// <exception cref="LipSyncException">The face is none.</exception>
    public LipSyncOptions Options() => new()
    {
        NumFrames = NumFrames,
        CacheInterval = CacheInterval,
        InferenceSteps = InferenceSteps,
        LipsExpression = LipsExpression,
        Seed = Seed,
        Face = FaceChoice.Parse(Face),
        BridgeFrames = BridgeFrames,
        Strict = Strict,
        Parity = Parity,
        Length = Length,
        Loop = Loop,
        SilentPadding = SilentPadding,
    };

    /// <summary>What the engine is loaded with.</summary>
    /// <param name="models">Where models are looked for.</param>
    /// <param name="notice">Told what the engine decides by itself.</param>
    /// <param name="choice">One line for a user who did not say which model; null if he did.</param>
    /// <exception cref="LipSyncException">The device or the memory is none, or there is no such model.</exception>
    public LipSyncEngineOptions Engine(ModelLocation models, Action<string> notice, out string? choice)
    {
        choice = null;
        if (!LipSyncDevice.TryParse(Device, out var device))
        {
            throw Invalid($"The device is {Device}; it must be auto, cpu or cuda:N (such as cuda:0).");
        }

        if (!VramOption.TryParse(Vram, out var budget))
        {
            throw Invalid($"The setting vram is {Vram}; it must be auto, low, medium, high or a number of GiB such as 6.");
        }

        var name = Model is Auto or "" ? null : Model;
        var folder = HostModels.Find(ModelFolders, name);
        if (folder is null)
        {
            (folder, _, choice) = models.Choose(name);
        }

        return new LipSyncEngineOptions { ModelFolder = folder, Device = device, VramBudget = budget, UsesFloat32 = Float32, Notice = notice };
    }

    private static LipSyncException Invalid(string message) => new(LipSyncErrorCode.InvalidOptions, message);
}
