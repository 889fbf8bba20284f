using System.Text.Json.Serialization;

namespace LatentSync.Jobs;

/// <summary>How the files of a job folder are written.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(JobDescription))]
[JsonSerializable(typeof(JobJournal))]
internal sealed partial class JobJson : JsonSerializerContext;
