using System.Text;
using LatentSync.TestKit;

namespace LatentSync.Tests.Architecture;

/// <summary>The picture of folders and arrows in docs/architecture.md, drawn from the compiled types.</summary>
internal static class FolderMap
{
    /// <summary>Set by eng/architecture.sh: the picture is written instead of compared.</summary>
    public const string WriteVariable = "LATENTSYNC_WRITE_MAP";

    private const string Start = "<!-- map: drawn by eng/architecture.sh -->\n";
    private const string End = "<!-- end of the map -->";
    private const string Root = "root";

    private static readonly string[] Base = ["Errors", "Files", "Imaging", "Ownership", "Progress", "Tensors", "Timeline"];

    /// <summary>The document.</summary>
    public static string DocumentPath => Path.Combine(RepositoryFolder.Path, "docs", "architecture.md");

    /// <summary>The document with the picture as it should be.</summary>
    public static string Draw(string document, FolderGraph graph)
    {
        var (start, end) = (document.IndexOf(Start, StringComparison.Ordinal) + Start.Length, document.IndexOf(End, StringComparison.Ordinal));
        return document[..start] + Mermaid(graph) + document[end..];
    }

    /// <summary>
    /// One box for each folder of the library, those of the base in one; an arrow to what it refers to. Arrows that follow
    /// from others are left out.
    /// </summary>
    private static string Mermaid(FolderGraph graph)
    {
        var arrows = graph
            .Arrows.Keys.Select(arrow => (From: Box(arrow.From), To: Box(arrow.To)))
            .Where(arrow => arrow.From != arrow.To)
            .Distinct()
            .ToHashSet();
        var text = new StringBuilder("```mermaid\nflowchart TD\n");
        text.Append("  Base[\"").AppendJoin(", ", Base).Append("\"]\n");
        foreach (var (from, to) in arrows.Where(arrow => !IsImplied(arrow, arrows)).OrderBy(arrow => $"{arrow.From} {arrow.To}", StringComparer.Ordinal))
        {
            text.Append("  ").Append(from).Append(" --> ").Append(to).Append('\n');
        }

        return text.Append("```\n").ToString();
    }

    private static string Box(string folder) =>
        folder == "." ? Root
        : FolderGraph.Room(folder) is var room && Base.Contains(room, StringComparer.Ordinal) ? nameof(Base)
        : FolderGraph.Room(folder);

    private static bool IsImplied((string From, string To) arrow, IReadOnlySet<(string From, string To)> arrows) =>
        arrows.Any(first => first.From == arrow.From && first.To != arrow.To && Leads(first.To, arrow.To, arrows));

    private static bool Leads(string from, string to, IReadOnlySet<(string From, string To)> arrows) =>
        arrows.Any(arrow => arrow.From == from && (arrow.To == to || Leads(arrow.To, to, arrows)));
}
