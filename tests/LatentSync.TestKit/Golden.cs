using LatentSync.Tensors;

namespace LatentSync.TestKit;

/// <summary>
/// The golden data: tensors of the reference implementation. Found in the folder named by LATENTSYNC_GOLDEN, else in
/// <c>shared/golden</c> beside the checkout. Where neither is there, the tests that need it are skipped and say why.
/// </summary>
internal static class Golden
{
    // xunit.v3 takes an exception whose message begins so as a skipped test.
    private const string SkipToken = "$XunitDynamicSkip$";

    private static string? _folder;

    public static string Folder => _folder ??= Find();

    public static string Path(string relative) => System.IO.Path.Combine(Folder, relative.Replace('/', System.IO.Path.DirectorySeparatorChar));

    public static Tensor Tensor(string relative) => Npy.ReadTensor(Path(relative));

    private static string Find()
    {
        var named = Environment.GetEnvironmentVariable("LATENTSYNC_GOLDEN");
        if (!string.IsNullOrEmpty(named))
        {
            return Directory.Exists(named)
                ? System.IO.Path.GetFullPath(named)
                : throw new DirectoryNotFoundException($"LATENTSYNC_GOLDEN names {named}, which is not a folder.");
        }

        var folder = System.IO.Path.Combine(RepositoryFolder.Path, "..", "shared", "golden");
        return Directory.Exists(folder)
            ? System.IO.Path.GetFullPath(folder)
            : throw new DirectoryNotFoundException(SkipToken + "The golden data is not beside the checkout (../shared/golden); set LATENTSYNC_GOLDEN to its folder.");
    }
}
