using LatentSync.FrontEnd.Words;

namespace LatentSync.Cli.Reporting;

/// <summary>Titles and what belongs to them on standard output, below each other.</summary>
internal static class TextTable
{
    private const int Gap = 2;

    /// <summary>Writes the rows.</summary>
    public static void Write(IReadOnlyList<(FormattableString Title, FormattableString Text)> rows)
    {
        var titles = rows.Select(row => CommandWords.Say(row.Title)).ToList();
        var width = titles.Max(Columns.Of) + Gap;
        foreach (var (title, row) in titles.Zip(rows))
        {
            Console.Out.WriteLine(Columns.Pad(title, width) + CommandWords.Say(row.Text));
        }
    }
}
