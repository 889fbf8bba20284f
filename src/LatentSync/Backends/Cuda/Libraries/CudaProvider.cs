using System.IO.Compression;
using System.Security.Cryptography;
using LatentSync.Backends.Cuda.Libraries;
using LatentSync.Files;
using LatentSync.Models.Download;

namespace LatentSync;

/// <summary>
/// ONNX Runtime's CUDA provider, which NVIDIA cards need and which is too large to come with the program: what its package
/// on NuGet is, where it is installed for this user, and its installation. The file is pinned by its SHA-256, so it does
/// not matter which feed the package comes from.
/// </summary>
public sealed class CudaProvider
{
    /// <summary>The version of the package. Its provider works with the ONNX Runtime of the same minor version.</summary>
    public const string Version = "1.32.0";

    private const string UnfinishedEnding = ".part";
    private const long LongestNotice = 4 << 20;
    private const int BufferLength = 1 << 20;

    /// <summary>Its terms and those of what it is built from, which have to stay with it.</summary>
    private static readonly string[] Notices = ["LICENSE", "ThirdPartyNotices.txt"];

    private readonly CudaSearch _search;
    private readonly string _entry;

    /// <summary>A provider as one package carries it.</summary>
    internal CudaProvider(CudaSearch search, string packageId, long packageLength, string entry, long length, string sha256) =>
        (_search, PackageId, PackageLength, _entry, Length, Sha256) = (search, packageId, packageLength, entry, length, sha256);

    /// <summary>The one for this system; null where there is none: it exists for Linux and Windows on x64.</summary>
    public static CudaProvider? ForThisSystem { get; } =
        !CudaFiles.Supported ? null
        : OperatingSystem.IsWindows()
            ? new CudaProvider(
                CudaSearch.OfThisProcess(),
                "Microsoft.ML.OnnxRuntime.Gpu.Windows",
                155_209_053,
                "runtimes/win-x64/native/onnxruntime_providers_cuda.dll",
                195_548_512,
                "a101b256c0dc39280542b517d911e006bde3719aaf5b3e7ad8b5af74642b967f"
            )
        : new CudaProvider(
            CudaSearch.OfThisProcess(),
            "Microsoft.ML.OnnxRuntime.Gpu.Linux",
            245_984_223,
            "runtimes/linux-x64/native/libonnxruntime_providers_cuda.so",
            289_454_752,
            "2b43d6c403f711c13a9403f54bd6c9682fed5dd652ca411a1d9c2ae28e264426"
        );

    /// <summary>The package on NuGet.</summary>
    public string PackageId { get; }

    /// <summary>Bytes to download.</summary>
    public long PackageLength { get; }

    /// <summary>Bytes of the provider, once unpacked.</summary>
    public long Length { get; }

    /// <summary>The provider's SHA-256, in lower-case hexadecimal.</summary>
    public string Sha256 { get; }

    /// <summary>Where <see cref="InstallAsync"/> puts it: <c>cuda/onnxruntime-VERSION</c> in LATENTSYNC_HOME, else in the user's data folder.</summary>
    public string Folder => _search.ProviderFolder(Version);

    /// <summary>The provider that a job on a card would take; null if there is none. It may be another than that of <see cref="Folder"/>.</summary>
    public string? FindInstalled() => _search.FindProvider();

    /// <summary>Whether the file in <see cref="Folder"/> is there and is the right one, to the bit.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<bool> VerifyAsync(CancellationToken cancellationToken)
    {
        var file = new FileInfo(Path.Combine(Folder, CudaFiles.Provider));
        return file.Exists
            && file.Length == Length
            && await FileDigest.ComputeAsync(file.FullName, _ => { }, cancellationToken, Disk).ConfigureAwait(false) == Sha256;
    }

    /// <summary>Fetches the package, checks the provider in it and puts it into <see cref="Folder"/>, whole or not at all.</summary>
    /// <param name="download">Writes the package into the stream, which can seek and be cut.</param>
    /// <param name="progress">How far the download is.</param>
    /// <param name="cancellationToken">Gives up; nothing stays behind.</param>
    /// <returns>The files that are in the folder now.</returns>
    /// <exception cref="LipSyncException">
    /// DownloadFailed: what came is not this package, or holds another provider. OutputFailed: no space, no permission.
    /// What <paramref name="download"/> throws comes through.
    /// </exception>
    public async Task<IReadOnlyList<string>> InstallAsync(
        Func<Stream, CancellationToken, Task> download,
        IProgress<ModelProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        var package = Path.Combine(Folder, $"{PackageId}.{Guid.NewGuid():N}.nupkg");
        try
        {
            Directory.CreateDirectory(Folder);
            return await FetchAsync(package, download, progress, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Disk(Folder, $"written", error);
        }
    }

    private async Task<IReadOnlyList<string>> FetchAsync(
        string package,
        Func<Stream, CancellationToken, Task> download,
        IProgress<ModelProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var meter = new TransferMeter(progress, TimeProvider.System, "download", PackageLength);
            using (var file = new FileStream(package, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 0, FileOptions.Asynchronous))
            using (var counted = new CountedStream(file, meter, error => Disk(package, $"written", error)))
            {
                await download(counted, cancellationToken).ConfigureAwait(false);
            }

            return await UnpackAsync(package, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            File.Delete(package);
        }
    }

    private async Task<IReadOnlyList<string>> UnpackAsync(string package, CancellationToken cancellationToken)
    {
        try
        {
            using var archive = await ZipFile.OpenReadAsync(package, cancellationToken).ConfigureAwait(false);
            var entry = archive.GetEntry(_entry);
            if (entry is null || entry.Length != Length)
            {
                throw Other();
            }

            var files = new List<string> { await ExtractAsync(entry, CudaFiles.Provider, Length, Sha256, cancellationToken).ConfigureAwait(false) };
            foreach (var name in Notices)
            {
                // Small, and nothing runs them: their length is bounded, their content is what the package says.
                if (archive.GetEntry(name) is { Length: <= LongestNotice } notice)
                {
                    files.Add(await ExtractAsync(notice, name, notice.Length, sha256: null, cancellationToken).ConfigureAwait(false));
                }
            }

            return files;
        }
        catch (InvalidDataException error)
        {
            throw Other(error);
        }
    }

    /// <summary>Writes an entry, never more bytes than said, and moves it into place if its digest is right.</summary>
    private async Task<string> ExtractAsync(ZipArchiveEntry entry, string name, long length, string? sha256, CancellationToken cancellationToken)
    {
        var path = Path.Combine(Folder, name);
        var unfinished = $"{path}.{Guid.NewGuid():N}{UnfinishedEnding}";
        try
        {
            using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            using (var source = await entry.OpenAsync(cancellationToken).ConfigureAwait(false))
            using (var target = new FileStream(unfinished, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferLength))
            {
                var buffer = new byte[BufferLength];
                for (var left = length; left > 0; )
                {
                    var count = await source.ReadAsync(buffer.AsMemory(0, (int)Math.Min(left, buffer.Length)), cancellationToken).ConfigureAwait(false);
                    if (count == 0)
                    {
                        throw Other();
                    }

                    digest.AppendData(buffer, 0, count);
                    await target.WriteAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
                    left -= count;
                }
            }

            if (sha256 is not null && Convert.ToHexStringLower(digest.GetHashAndReset()) != sha256)
            {
                throw Other();
            }

            File.Move(unfinished, path, overwrite: true);
            return path;
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    private LipSyncException Other(Exception? cause = null)
    {
        var source = new OptionReference("Source");
        return new LipSyncException(
            LipSyncErrorCode.DownloadFailed,
            $"The downloaded {PackageId} {Version} is damaged or has another SHA-256, so nothing was installed; try again, or choose another {source}.",
            cause
        );
    }

    private static LipSyncException Disk(string path, FormattableString what, Exception error) =>
        new(LipSyncErrorCode.OutputFailed, $"\"{path}\" cannot be {what} ({error.Message.TrimEnd('.')}); check free space and permissions.", error)
        {
            Path = path,
        };
}
