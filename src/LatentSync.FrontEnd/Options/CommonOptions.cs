using System.CommandLine;

namespace LatentSync.FrontEnd.Options;

/// <summary>Options that several commands have.</summary>
internal static class CommonOptions
{
    /// <summary>Name of the option for machine-readable output.</summary>
    public const string JsonName = "--json";

    /// <summary>Events or results as JSON on standard output.</summary>
    public static Option<bool> Json() => new(JsonName) { Description = "Print JSON instead of text: one object per line." };

    /// <summary>The folder of models, or a name in the store.</summary>
    public static Option<string?> Models() =>
        new("--models")
        {
            Description =
                "Folder with latentsync_unet.pt, whisper/ and vae/, or the name of a model in the store "
                + "(default: LATENTSYNC_MODELS, else ./checkpoints, else the only model in the store, else the built-in one).",
            HelpName = "folder or name",
        };
}
