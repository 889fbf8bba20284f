using System.Collections.Concurrent;
using System.Security.Cryptography;
using LatentSync.Tensors;
using LatentSync.TestKit.Packing;
using static System.FormattableString;

namespace LatentSync.TestKit;

/// <summary>
/// The golden data: tensors of the reference implementation. The whole set lies in the folder named by LATENTSYNC_GOLDEN, else in
/// <c>shared/golden</c> beside the checkout; without either, the part of it in <c>tests/golden</c> serves, which holds the same bytes
/// of everything but pictures and the voice of a person. Of those it has what shows nobody.
/// </summary>
internal static class Golden
{
    private const string PackedExtension = ".packed";

    private static readonly Lazy<string?> Whole = new(FindWhole);
    private static readonly Lazy<IReadOnlyDictionary<string, string>> Sums = new(ReadSums);
    private static readonly ConcurrentDictionary<string, Lazy<string>> Unpacked = new(StringComparer.Ordinal);

    /// <summary>Whether the whole set is there, not only the part in the repository.</summary>
    public static bool IsWhole => Whole.Value is not null;

    /// <summary>The folder of the part in the repository.</summary>
    public static string PartFolder { get; } = System.IO.Path.Combine(RepositoryFolder.Path, "tests", "golden");

    /// <summary>A file of the data.</summary>
    public static string Path(string relative) => Whole.Value is { } folder ? Combine(folder, relative) : PartPath(relative);

    /// <summary>A file of the part in the repository; what is packed there is unpacked into <c>artifacts/golden</c>.</summary>
    /// <exception cref="InvalidDataException">What was unpacked is not the golden file.</exception>
    public static string PartPath(string relative)
    {
        var plain = Combine(PartFolder, relative);
        return File.Exists(plain) ? plain : Unpacked.GetOrAdd(relative, name => new Lazy<string>(() => Unpack(name))).Value;
    }

    /// <summary>An array. In an excerpt, values that are left out are NaN.</summary>
    public static Tensor Tensor(string relative) => Npy.ReadTensor(Path(relative));

    /// <summary>A picture, whole or an excerpt.</summary>
    public static GoldenPicture Picture(string relative) => GoldenPicture.Read(Path(relative));

    /// <summary>SHA-256 of the files that the part has as they are in the whole set, by name.</summary>
    public static IReadOnlyDictionary<string, string> PartSums => Sums.Value;

    private static string Unpack(string relative)
    {
        var target = Combine(System.IO.Path.Combine(RepositoryFolder.Path, "artifacts", "golden"), relative);
        if (File.Exists(target) && HashOf(File.ReadAllBytes(target)) == Sums.Value[relative])
        {
            return target;
        }

        using var packed = File.OpenRead(Combine(PartFolder, relative) + PackedExtension);
        var content = PackedFile.Unpack(packed);
        if (HashOf(content) != Sums.Value[relative])
        {
            throw new InvalidDataException($"{packed.Name} does not unpack to the golden file.");
        }

        // Several test programs may do this at once; each moves a whole file into its place.
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
        var part = Invariant($"{target}.{Environment.ProcessId}");
        File.WriteAllBytes(part, content);
        File.Move(part, target, overwrite: true);
        return target;
    }

    private static string HashOf(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    private static Dictionary<string, string> ReadSums() =>
        File.ReadLines(System.IO.Path.Combine(PartFolder, "SHA256SUMS"))
            .Select(line => line.Split("  ", 2))
            .ToDictionary(parts => parts[1], parts => parts[0], StringComparer.Ordinal);

    private static string? FindWhole()
    {
        var named = Environment.GetEnvironmentVariable("LATENTSYNC_GOLDEN");
        if (!string.IsNullOrEmpty(named))
        {
            return Directory.Exists(named)
                ? System.IO.Path.GetFullPath(named)
                : throw new DirectoryNotFoundException($"LATENTSYNC_GOLDEN names {named}, which is not a folder.");
        }

        var folder = System.IO.Path.GetFullPath(System.IO.Path.Combine(RepositoryFolder.Path, "..", "shared", "golden"));
        return Directory.Exists(folder) ? folder : null;
    }

    private static string Combine(string folder, string relative) =>
        System.IO.Path.Combine(folder, relative.Replace('/', System.IO.Path.DirectorySeparatorChar));
}
