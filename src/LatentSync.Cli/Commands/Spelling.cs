namespace LatentSync.Cli.Commands;

/// <summary>What somebody meant who mistyped a name.</summary>
internal static class Spelling
{
    // One slip in a short name, one more for every so many letters.
    private const int LettersPerSlip = 4;

    // No name is longer, and a stranger's text may be.
    private const int LongestName = 40;

    /// <summary>The name that is most like a text, if it is like it at all; else null.</summary>
    public static string? Nearest(string text, IEnumerable<string> names)
    {
        if (text.Length > LongestName)
        {
            return null;
        }

        var (nearest, _) = names
            .Select(name => (Name: name, Slips: Distance(text, name)))
            .Where(candidate =>
                candidate.Slips <= 1 + (candidate.Name.TrimStart('-').Length / LettersPerSlip) && candidate.Slips < candidate.Name.TrimStart('-').Length
            )
            .OrderBy(candidate => candidate.Slips)
            .FirstOrDefault();
        return nearest;
    }

    /// <summary>
    /// Letters to change, add, leave out or exchange with the next one to get from one text to the other: the distance of
    /// optimal string alignment; the case of letters counts nothing.
    /// </summary>
    internal static int Distance(string from, string to)
    {
        var distances = new int[from.Length + 1, to.Length + 1];
        for (var i = 0; i <= from.Length; i++)
        {
            for (var j = 0; j <= to.Length; j++)
            {
                distances[i, j] =
                    i == 0 || j == 0
                        ? i + j
                        : Math.Min(Math.Min(distances[i - 1, j], distances[i, j - 1]) + 1, distances[i - 1, j - 1] + (AreEqual(i, j) ? 0 : 1));
                if (i > 1 && j > 1 && AreEqual(i, j - 1) && AreEqual(i - 1, j))
                {
                    distances[i, j] = Math.Min(distances[i, j], distances[i - 2, j - 2] + 1);
                }
            }
        }

        return distances[from.Length, to.Length];

        bool AreEqual(int i, int j) => char.ToUpperInvariant(from[i - 1]) == char.ToUpperInvariant(to[j - 1]);
    }
}
