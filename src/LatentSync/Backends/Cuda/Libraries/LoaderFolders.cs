namespace LatentSync.Backends.Cuda.Libraries;

/// <summary>The folders that Linux's loader is told of: those of <c>/etc/ld.so.conf</c>, then those it knows by itself.</summary>
/// <param name="systemRoot">The root of the file system.</param>
internal sealed class LoaderFolders(string systemRoot)
{
    private const string Include = "include";

    // A file may include others, and itself by mistake.
    private const int DeepestInclude = 4;

    private static readonly string[] BuiltIn = ["/lib64", "/usr/lib64", "/lib", "/usr/lib"];

    /// <summary>The folders, in order.</summary>
    public IEnumerable<string> Read() => ReadFile(Rooted("/etc/ld.so.conf"), DeepestInclude).Concat(BuiltIn).Select(Rooted);

    private IEnumerable<string> ReadFile(string path, int depth)
    {
        if (depth == 0 || !File.Exists(path))
        {
            return [];
        }

        return File.ReadLines(path)
            .Select(line => line.Split('#')[0].Trim())
            .SelectMany(line =>
                line.StartsWith(Include, StringComparison.Ordinal) && line.Length > Include.Length && char.IsWhiteSpace(line[Include.Length])
                    ? Files(line[Include.Length..].Trim()).SelectMany(file => ReadFile(file, depth - 1))
                : line.StartsWith('/') ? [line]
                : []
            );
    }

    /// <summary>The files of a pattern; wildcards are in the name only, as every distribution writes it.</summary>
    private IEnumerable<string> Files(string pattern)
    {
        var path = Rooted(Path.Combine("/etc", pattern));
        var folder = Path.GetDirectoryName(path)!;
        return Directory.Exists(folder) ? Directory.EnumerateFiles(folder, Path.GetFileName(path), CudaSearch.Accessible).Order(StringComparer.Ordinal) : [];
    }

    private string Rooted(string path) => Path.Combine(systemRoot, path.TrimStart('/'));
}
