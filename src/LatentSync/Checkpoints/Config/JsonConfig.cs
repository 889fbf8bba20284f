using System.Text.Json;
using LatentSync.Checkpoints.Tensors;

namespace LatentSync.Checkpoints.Config;

/// <summary>Reads a JSON configuration into the same tree as <see cref="YamlConfig"/>.</summary>
internal static class JsonConfig
{
    private const int MaxDepth = 16;

    /// <summary>Reads the top object of a file.</summary>
    /// <exception cref="LipSyncException">The file is missing, too large, too deep, no JSON, or no object.</exception>
    public static ConfigSection Read(string path)
    {
        var bytes = ConfigFile.ReadBytes(path);
        try
        {
            using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = MaxDepth });
            return Convert(document.RootElement, path) is Dictionary<string, object?> top
                ? new ConfigSection(path, "", top)
                : throw ConfigFile.Malformed(path, "JSON with an object at the top");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw ConfigFile.Malformed(path, "JSON", error);
        }
    }

    private static object? Convert(JsonElement element, string path) =>
        element.ValueKind switch
        {
            JsonValueKind.Object => ConvertObject(element, path),
            JsonValueKind.Array => element.EnumerateArray().Select(item => Convert(item, path)).ToList(),
            JsonValueKind.String => element.GetString(),
            JsonValueKind.Number => element.TryGetInt64(out var integer) ? (object)integer : element.GetDouble(),
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => null,
        };

    private static Dictionary<string, object?> ConvertObject(JsonElement element, string path)
    {
        var entries = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var property in element.EnumerateObject())
        {
            if (!entries.TryAdd(property.Name, Convert(property.Value, path)))
            {
                throw ModelErrors.Create(path, $"The configuration \"{path}\" sets {ModelErrors.Printable(property.Name)} twice; keep one of them.");
            }
        }

        return entries;
    }
}
