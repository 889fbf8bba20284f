using System.Text.Json.Serialization;

namespace LatentSync.Pipeline.Segments;

/// <summary>How the header of an analysis file is written, and read: what must not be null is refused where it is.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    RespectNullableAnnotations = true,
    UseStringEnumConverter = true,
    MaxDepth = 8
)]
[JsonSerializable(typeof(AnalysisHeader))]
internal sealed partial class AnalysisJson : JsonSerializerContext;
