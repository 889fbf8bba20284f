using System.Text.Json.Nodes;

namespace LatentSync.Server.Jobs;

/// <summary>The model that a job's options name.</summary>
internal static class NamedModel
{
    /// <summary>What leaves the choice to the machine that analyses the job.</summary>
    public const string Any = "auto";

    private const string Option = "model";

    /// <summary>Its name; null where the options name none.</summary>
    public static string? Of(JsonObject options) => options[Option]?.ToString() is { } name and not Any ? name : null;

    /// <inheritdoc cref="Of(JsonObject)"/>
    public static string? Of(Data.Job job) => Of((JsonObject)JsonNode.Parse(job.Options)!);
}
