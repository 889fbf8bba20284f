using System.Text.Json.Serialization;
using LatentSync.Models.Download;

namespace LatentSync.Models.Store;

/// <summary>How the store's own files are written.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ModelManifest))]
[JsonSerializable(typeof(JournalState))]
internal sealed partial class ManifestJson : JsonSerializerContext;
