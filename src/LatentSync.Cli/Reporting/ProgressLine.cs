namespace LatentSync.Cli.Reporting;

/// <summary>How far something is, as one line that fits into a terminal of any width.</summary>
internal static class ProgressLine
{
    private const int LongestBar = 40;
    private const int ShortestBar = 3;
    private const int PercentLength = 4;

    /// <summary>Name, bar, percent and, where there is room, the rest.</summary>
    /// <param name="name">What it is.</param>
    /// <param name="nameColumns">The columns of the longest name, so that bars stand below each other.</param>
    /// <param name="share">How much is done, 0 to 1.</param>
    /// <param name="rest">Such as <c>1:05 left</c>; may be empty.</param>
    /// <param name="room">The columns there are.</param>
    /// <param name="isUnicode">The terminal can draw lines.</param>
    public static string Format(string name, int nameColumns, double share, string rest, int room, bool isUnicode)
    {
        share = Math.Clamp(share, 0, 1);
        var percent = Invariant($"{Math.Floor(100 * share):0}%").PadLeft(PercentLength);
        var bar = room - nameColumns - percent.Length - 2;
        var ending = rest.Length > 0 && bar - Columns.Of(rest) - 1 >= ShortestBar ? " " + rest : string.Empty;
        bar = Math.Min(bar - Columns.Of(ending), LongestBar);
        var line = bar >= ShortestBar ? $"{Columns.Pad(name, nameColumns)} {Bar(share, bar, isUnicode)} {percent}{ending}" : $"{name} {percent}";
        return Columns.Cut(line, room);
    }

    private static string Bar(double share, int length, bool isUnicode)
    {
        var done = (int)(share * length);
        return new string(isUnicode ? '━' : '#', done) + new string(isUnicode ? '─' : '-', length - done);
    }
}
