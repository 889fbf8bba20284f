using System.Text;

namespace LatentSync.Cli.Reporting;

/// <summary>
/// A few lines at the bottom of a terminal that are drawn anew where they are. No line is longer than the terminal is wide,
/// so each takes one row; what was drawn before the terminal became narrower has been broken into more rows by it, and all of
/// them are erased.
/// </summary>
/// <param name="terminal">Where to; knows ECMA-48's control sequences.</param>
/// <param name="width">How many columns it has now.</param>
internal sealed class TerminalLines(TextWriter terminal, Func<int> width)
{
    private const string Escape = "\u001b[";

    private readonly Lock _gate = new();
    private IReadOnlyList<string> _shown = [];

    /// <summary>Columns that a line may take; in the last one, terminals differ in what they do.</summary>
    public int Room => Math.Max(1, width() - 1);

    /// <summary>Draws lines in the place of those before.</summary>
    /// <param name="lines">Of at most <see cref="Room"/> columns.</param>
    public void Show(IReadOnlyList<string> lines)
    {
        lock (_gate)
        {
            terminal.Write(Erasing() + string.Join('\n', lines));
            _shown = lines;
        }
    }

    /// <summary>Writes a line above them, where it stays.</summary>
    public void WriteAbove(string text)
    {
        lock (_gate)
        {
            terminal.Write(Erasing() + text + "\n" + string.Join('\n', _shown));
        }
    }

    /// <summary>Leaves them where they are.</summary>
    public void End()
    {
        lock (_gate)
        {
            if (_shown.Count > 0)
            {
                terminal.WriteLine();
            }

            _shown = [];
        }
    }

    /// <summary>From the end of the last line to the beginning of the first, and all gone from there.</summary>
    private string Erasing()
    {
        if (_shown.Count == 0)
        {
            return string.Empty;
        }

        var columns = Math.Max(1, width());
        var rows = _shown.Sum(line => Math.Max(1, (Columns.Of(line) + columns - 1) / columns));
        var erasing = new StringBuilder("\r");
        if (rows > 1)
        {
            erasing.Append(Invariant($"{Escape}{rows - 1}A"));
        }

        return erasing.Append(Escape).Append('J').ToString();
    }
}
