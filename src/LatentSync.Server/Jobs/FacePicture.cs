using System.Text.Json.Nodes;

namespace LatentSync.Server.Jobs;

/// <summary>The option <c>face</c> where it names a picture: <c>like:</c> and an upload, never a path.</summary>
internal static class FacePicture
{
    /// <summary>What a value begins with that names a picture.</summary>
    public const string Prefix = "like:";

    private const string Option = "face";

    /// <summary>Whether a value names a picture.</summary>
    public static bool IsNamed(string value) => value.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a value that names a picture can be an upload: ids have no dots and no slashes.</summary>
    public static bool IsUpload(string value) =>
        value.Length > Prefix.Length && value[Prefix.Length..].All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_');

    /// <summary>The upload that a job's options name; null for none.</summary>
    public static string? Of(JsonObject options) =>
        options[Option] is JsonValue face && face.TryGetValue<string>(out var value) && IsNamed(value) ? value[Prefix.Length..] : null;

    /// <summary>The upload that a job names; null for none.</summary>
    public static string? Of(Data.Job job) =>
        job.Options.Contains(Prefix, StringComparison.OrdinalIgnoreCase) ? Of((JsonObject)JsonNode.Parse(job.Options)!) : null;

    /// <summary>What an engine is told: the file.</summary>
    public static void Replace(JsonObject options, string path) => options[Option] = Prefix + path;
}
