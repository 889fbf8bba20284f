using System.Text.Json.Serialization;

namespace LatentSync.Models.Download;

/// <summary>Bytes of a file from <paramref name="Start"/> up to, not including, <paramref name="End"/>.</summary>
internal readonly record struct ByteRange(long Start, long End)
{
    /// <summary>How many bytes.</summary>
    [JsonIgnore]
    public long Length => End - Start;
}
