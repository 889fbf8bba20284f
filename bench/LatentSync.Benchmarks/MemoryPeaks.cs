using System.Globalization;

namespace LatentSync.Benchmarks;

/// <summary>The most memory at any time of a run, in MiB.</summary>
/// <param name="Heap">What the garbage collector of .NET had taken at its last collection; part of the next.</param>
/// <param name="Process">Resident memory of this process.</param>
/// <param name="WithChildren">And of its ffmpeg processes, which share some of it.</param>
internal sealed record MemoryPeaks(long Heap, long Process, long WithChildren)
{
    /// <summary>Titles of <see cref="Columns"/>.</summary>
    public const string Head = "| peak of the heap | peak memory, this process | peak memory, with ffmpeg |";

    private const string Unit = " MiB";

    /// <summary>The last three cells of a row.</summary>
    public string Columns() => FormattableString.Invariant($" | {Heap}{Unit} | {Process}{Unit} | {WithChildren}{Unit} |");

    /// <summary>Reads a row that ends with <see cref="Columns"/>.</summary>
    public static MemoryPeaks OfRow(string row)
    {
        var cells = row.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)[^3..]
            .Select(cell => long.Parse(cell.Replace(Unit, "", StringComparison.Ordinal), CultureInfo.InvariantCulture))
            .ToList();
        return new MemoryPeaks(cells[0], cells[1], cells[2]);
    }

    /// <summary>How much more the second run needed than the first.</summary>
    public static string Growth(MemoryPeaks first, MemoryPeaks second)
    {
        return $"this process {More(first.Process, second.Process)}, with ffmpeg {More(first.WithChildren, second.WithChildren)}";

        static string More(long before, long after) =>
            FormattableString.Invariant($"{after - before:+0;-0;0} MiB ({(after / (double)before) - 1:+0.0 %;-0.0 %;0.0 %})");
    }
}
