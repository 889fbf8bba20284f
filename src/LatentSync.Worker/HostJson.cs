using System.Text.Json;
using System.Text.Json.Serialization;

namespace LatentSync.Worker;

/// <summary>Reads what the host sends; strict, so that a misspelt setting is not silently left out.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    AllowOutOfOrderMetadataProperties = true,
    MaxDepth = 8
)]
[JsonSerializable(typeof(HostMessage))]
internal sealed partial class HostJson : JsonSerializerContext
{
    /// <summary>Reads a message.</summary>
    /// <exception cref="ProtocolException">It is none.</exception>
    public static HostMessage Read(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, Default.HostMessage) ?? throw new ProtocolException("A message is null.");
        }
        catch (Exception error) when (error is JsonException or NotSupportedException)
        {
            throw new ProtocolException($"A message cannot be read: {error.Message}");
        }
    }
}
