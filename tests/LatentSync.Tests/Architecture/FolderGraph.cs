using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using LatentSync.TestKit;

namespace LatentSync.Tests.Architecture;

/// <summary>Which folder of the library refers to which, read from the compiled types. A folder and one inside it are two.</summary>
internal sealed class FolderGraph
{
    private static readonly char[] TypeNameEnds = ['+', '/', '`', '<'];

    private readonly Dictionary<string, string> _folders = new(StringComparer.Ordinal);

    private FolderGraph()
    {
        foreach (var file in Directory.EnumerateFiles(SourceFolder, "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var folder = Path.GetRelativePath(SourceFolder, Path.GetDirectoryName(file)!).Replace('\\', '/');
            if (folder.Split('/')[0] is not ("bin" or "obj"))
            {
                // LaunchDialect.Tokens.cs is a part of LaunchDialect.
                _folders[Path.GetFileName(file).Split('.')[0]] = folder;
            }
        }

        var architecture = new ArchLoader().LoadAssemblies(typeof(LipSyncEngine).Assembly).Build();
        foreach (var type in architecture.Types)
        {
            if (FolderOf(type) is not { } from)
            {
                continue;
            }

            Types.Add((type.FullName, from));
            foreach (var target in type.Dependencies.Select(dependency => dependency.Target))
            {
                if (FolderOf(target) is { } to && to != from)
                {
                    var arrow = (from, to);
                    if (!Arrows.TryGetValue(arrow, out var examples))
                    {
                        Arrows[arrow] = examples = new SortedSet<string>(StringComparer.Ordinal);
                    }

                    examples.Add($"{OuterName(type)} -> {OuterName(target)}");
                }
            }
        }
    }

    /// <summary>The graph of the library as it was built.</summary>
    public static FolderGraph Library { get; } = new();

    /// <summary>src/LatentSync.</summary>
    public static string SourceFolder => Path.Combine(RepositoryFolder.Path, "src", "LatentSync");

    /// <summary>Full names of the types, with their folders.</summary>
    public List<(string Name, string Folder)> Types { get; } = [];

    /// <summary>From folder, to folder, with the types behind it.</summary>
    public SortedDictionary<(string From, string To), SortedSet<string>> Arrows { get; } = [];

    /// <summary>All folders that hold sources; the root is a dot.</summary>
    public IEnumerable<string> Folders => _folders.Values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    /// <summary>The first folder of a path.</summary>
    public static string Room(string folder) => folder.Split('/')[0];

    /// <summary>Groups of folders that refer to each other, each with what does.</summary>
    public IReadOnlyList<string> Cycles()
    {
        var reach = Folders.ToDictionary(folder => folder, Reached, StringComparer.Ordinal);
        return
        [
            .. Arrows
                .Where(arrow => reach[arrow.Key.To].Contains(arrow.Key.From))
                .Select(arrow => $"{arrow.Key.From} -> {arrow.Key.To}: {string.Join(", ", arrow.Value)}"),
        ];
    }

    private HashSet<string> Reached(string start)
    {
        var reached = new HashSet<string>(StringComparer.Ordinal);
        var next = new Stack<string>([start]);
        while (next.TryPop(out var folder))
        {
            foreach (var (from, to) in Arrows.Keys)
            {
                if (from == folder && reached.Add(to))
                {
                    next.Push(to);
                }
            }
        }

        return reached;
    }

    private string? FolderOf(IType type)
    {
        if (type.FullName.StartsWith("LatentSync.", StringComparison.Ordinal) && _folders.TryGetValue(OuterName(type), out var folder))
        {
            return folder;
        }

        // What protoc writes.
        return type.FullName.StartsWith("LatentSync.Networks.Onnx.", StringComparison.Ordinal) ? "Networks/Onnx" : null;
    }

    private static string OuterName(IType type)
    {
        var end = type.FullName.IndexOfAny(TypeNameEnds);
        var outer = end < 0 ? type.FullName : type.FullName[..end];
        return outer[(outer.LastIndexOf('.') + 1)..];
    }
}
