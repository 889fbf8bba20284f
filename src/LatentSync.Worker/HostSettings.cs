using System.Text.Json;
using System.Text.Json.Serialization;

namespace LatentSync.Worker;

/// <summary>
/// The settings of a job as the host wrote them: all options of <c>latentsync sync</c> by their names, and a few of the
/// worker's own. Settable, because the generated reader gives init-only properties that are left out the default of their type.
/// </summary>
internal sealed record HostSettings
{
    private const string Auto = "auto";

    /// <summary>
    /// A model folder, the name of one in <see cref="ModelFolders"/> or of a model in the store; auto for the first there is
    /// in these folders, else what <c>latentsync sync</c> would use.
    /// </summary>
    public string Model { get; set; } = Auto;

    /// <summary>Where the host's users put models.</summary>
    public IReadOnlyList<string> ModelFolders { get; set; } = [];

    /// <summary>Where relative paths among the options begin; null for the folder the worker was started in.</summary>
    public string? Folder { get; set; }

    /// <summary>Frames only: no network runs; every frame comes back as it is, in the order and number it would have.</summary>
    public bool PassThrough { get; set; }

    /// <summary>The options of <c>latentsync sync</c>; see <see cref="JobOptions"/>.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement> Options { get; set; } = [];

    /// <summary>The model's name; null if the host leaves the choice to the worker.</summary>
    public string? ModelName => Model is Auto or "" ? null : Model;
}
