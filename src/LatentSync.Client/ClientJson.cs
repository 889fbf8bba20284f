using System.Text.Json.Serialization;

namespace LatentSync.Client;

/// <summary>JSON of the server; members that are unknown here are of a newer one.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ServerJob))]
[JsonSerializable(typeof(ServerJobPage))]
[JsonSerializable(typeof(ServerJobRequest))]
[JsonSerializable(typeof(ServerJobEvent))]
[JsonSerializable(typeof(ServerProblem))]
internal sealed partial class ClientJson : JsonSerializerContext;
