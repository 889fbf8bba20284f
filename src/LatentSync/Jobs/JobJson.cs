using System.Text.Json.Serialization;

namespace LatentSync.Jobs;

/// <summary>How the files of a job folder are written, and read: what must not be null is refused where it is.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(JobDescription))]
[JsonSerializable(typeof(JobJournal))]
internal sealed partial class JobJson : JsonSerializerContext;
