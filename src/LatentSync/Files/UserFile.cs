namespace LatentSync;

/// <summary>Looks at a file that a user has named, before it is opened: opening a pipe would wait for ever.</summary>
public static class UserFile
{
    private const string Link = "://";
    private const int MostLinks = 40;

    // What a program can be started with behind these names is another thing to each of its children; shared memory is a
    // folder like others.
    private static readonly string[] SystemFolders = ["/proc/", "/dev/"];
    private static readonly string[] OrdinaryFolders = ["/dev/shm/"];

    /// <summary>The length of a file, links followed; 0 if it is empty, a pipe or a device, null if there is none.</summary>
    /// <exception cref="IOException">The links do not end, or the disk fails.</exception>
    public static long? Length(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var full = Path.GetFullPath(path);
        if (!File.Exists(full))
        {
            return null;
        }

        // Pipes and devices have the length 0, whatever comes out of them.
        return FindTarget(full) is { } target ? new FileInfo(target).Length : 0;
    }

    /// <summary>Why a file cannot be read, as a sentence with what to do next; null if nothing is known against it.</summary>
    public static FormattableString? Mistake(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (string.IsNullOrWhiteSpace(path) || path.Contains('\0', StringComparison.Ordinal))
        {
            return $"The path of the input file is empty or holds a zero character; name a file.";
        }

        if (NameMistake(path) is { } mistake)
        {
            return mistake;
        }

        if (Directory.Exists(path))
        {
            return $"\"{path}\" is a folder; name a file.";
        }

        try
        {
            return Length(path) switch
            {
                null => (FormattableString)$"\"{path}\" does not exist; check the path.",
                0 => $"\"{path}\" is empty or not an ordinary file but a pipe or a device; save what it gives to a file, or copy the file again.",
                _ => null,
            };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return $"\"{path}\" cannot be opened ({error.Message.TrimEnd('.')}); check the disk and the links that lead there.";
        }
    }

    /// <summary>Why a name can be that of no file, neither to read nor to write, as a sentence with what to do next; null if it can.</summary>
    internal static FormattableString? NameMistake(string path)
    {
        if (File.Exists(path))
        {
            return null;
        }

        // Bytes that are no UTF-8 arrive as this character, so that the file cannot be found by it any more.
        return path.Contains('\uFFFD', StringComparison.Ordinal)
                ? (FormattableString)$"The name \"{path}\" has bytes that are not UTF-8, which is not read here; rename the file or its folder."
            : IsAddress(path) ? (FormattableString)$"\"{path}\" is an address on the network, not a file; download the file and name that."
            : null;
    }

    private static bool IsAddress(string path) =>
        path.IndexOf(Link, StringComparison.Ordinal) is > 1 and var end && path.AsSpan(0, end).IndexOfAnyExcept(SchemeLetters) < 0;

    private static System.Buffers.SearchValues<char> SchemeLetters { get; } =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-");

    /// <summary>The file behind all links, of its folders too; null if one of them leads to where the system keeps no files.</summary>
    private static string? FindTarget(string full)
    {
        if (OperatingSystem.IsWindows())
        {
            return File.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName ?? full;
        }

        var parts = new Stack<string>();
        Push(full);
        var (at, links) = ("/", 0);
        while (parts.TryPop(out var part))
        {
            var next = Path.GetFullPath(Path.Combine(at, part));
            if (IsOfSystem(next))
            {
                return null;
            }

            if (new FileInfo(next).LinkTarget is not { } target)
            {
                at = next;
            }
            else if (++links > MostLinks)
            {
                throw new IOException("Too many levels of symbolic links.");
            }
            else
            {
                at = Path.IsPathRooted(target) ? "/" : at;
                Push(target);
            }
        }

        return at;

        void Push(string path)
        {
            foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
            {
                parts.Push(part);
            }
        }
    }

    private static bool IsOfSystem(string path) =>
        Array.Exists(SystemFolders, folder => path.StartsWith(folder, StringComparison.Ordinal))
        && !Array.Exists(OrdinaryFolders, folder => (path + '/').StartsWith(folder, StringComparison.Ordinal));
}
