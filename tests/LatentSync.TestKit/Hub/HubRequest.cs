using System.Globalization;

namespace LatentSync.TestKit.Hub;

/// <summary>A request as it came in.</summary>
internal sealed record HubRequest(string Method, string Path, IReadOnlyDictionary<string, string> Headers)
{
    public string? Header(string name) => Headers.GetValueOrDefault(name);

    /// <summary>The bytes that are asked for; null for all of them.</summary>
    public (int Start, int End)? Range(int length)
    {
        if (Header("Range") is not { } text)
        {
            return null;
        }

        var ends = text["bytes=".Length..].Split('-');
        return (int.Parse(ends[0], CultureInfo.InvariantCulture), Math.Min(int.Parse(ends[1], CultureInfo.InvariantCulture) + 1, length));
    }
}
