using System.Security.Cryptography;
using System.Text;

namespace LatentSync.Files;

/// <summary>Names of hidden files and folders beside a result, which say whose they are.</summary>
internal static class HiddenName
{
    /// <summary>The longest name of a file, in bytes of UTF-8: what the usual file systems take.</summary>
    public const int LongestName = 255;

    // Enough that no two results of one folder get the same.
    private const int DigestLength = 16;

    /// <summary>A dot, the result's name and an ending; where that is too long for a name, the middle of it is a digest of the result's name.</summary>
    public static string Of(string name, string ending)
    {
        var whole = $".{name}{ending}";
        if (Encoding.UTF8.GetByteCount(whole) <= LongestName)
        {
            return whole;
        }

        var digest = "~" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..DigestLength];
        var room = LongestName - 1 - Encoding.UTF8.GetByteCount(digest + ending);
        var kept = new StringBuilder();
        foreach (var rune in name.EnumerateRunes())
        {
            room -= rune.Utf8SequenceLength;
            if (room < 0)
            {
                break;
            }

            kept.Append(rune.ToString());
        }

        return $".{kept}{digest}{ending}";
    }
}
