using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using LatentSync.Backends.Cuda.Libraries;
using LatentSync.TestKit;

namespace LatentSync.Tests.Backends.Cuda.Libraries;

/// <summary>The installation of the CUDA provider, with small packages.</summary>
public sealed class CudaProviderTests : IDisposable
{
    private const string Entry = "runtimes/linux-x64/native/libonnxruntime_providers_cuda.so";

    private static readonly byte[] Library = [.. Enumerable.Range(0, 300_000).Select(index => (byte)(index * 31))];

    private readonly TemporaryFolder _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Provider_IsUnpackedWithItsLicences_AndFound()
    {
        var provider = Provider();
        var progress = new List<ModelProgress>();
        Assert.Null(provider.FindInstalled());
        Assert.False(await provider.VerifyAsync(TestContext.Current.CancellationToken));

        var files = await provider.InstallAsync(Sends(Package()), new DirectList(progress), TestContext.Current.CancellationToken);

        Assert.Equal([CudaFiles.Provider, "LICENSE", "ThirdPartyNotices.txt"], files.Select(path => Path.GetFileName(path)));
        Assert.Equal(files.Order(StringComparer.Ordinal), Directory.GetFiles(provider.Folder).Order(StringComparer.Ordinal));
        Assert.Equal(Library, await File.ReadAllBytesAsync(provider.FindInstalled()!, TestContext.Current.CancellationToken));
        Assert.True(await provider.VerifyAsync(TestContext.Current.CancellationToken));
        Assert.Equal(Package().Length, progress[^1].Done);
    }

    [Theory]
    [InlineData("no package")]
    [InlineData("another library")]
    [InlineData("a longer library")]
    [InlineData("no library")]
    [InlineData("cut")]
    public async Task AnotherPackage_InstallsNothing(string what)
    {
        byte[] sent = what switch
        {
            "no package" => Encoding.UTF8.GetBytes("<html>Sign in to the network of this hotel</html>"),
            "another library" => Package([.. Library.Select(value => (byte)(value ^ 1))]),
            "a longer library" => Package([.. Library, 0]),
            "no library" => Package(null),
            _ => Package()[..^100],
        };
        var provider = Provider();
        var error = await Assert.ThrowsAsync<LipSyncException>(() => provider.InstallAsync(Sends(sent), progress: null, TestContext.Current.CancellationToken));
        Assert.Equal(LipSyncErrorCode.DownloadFailed, error.Code);
        Assert.Contains("nothing was installed", error.Message, StringComparison.Ordinal);
        Assert.Null(provider.FindInstalled());
        Assert.Empty(Directory.GetFiles(provider.Folder));
    }

    [Fact]
    public async Task FailedDownload_LeavesTheInstalledProvider_AndNothingElse()
    {
        var provider = Provider();
        await provider.InstallAsync(Sends(Package()), progress: null, TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<HttpRequestException>(() =>
            provider.InstallAsync(
                async (package, cancellationToken) =>
                {
                    await package.WriteAsync(new byte[1000], cancellationToken);
                    throw new HttpRequestException("The line is dead.");
                },
                progress: null,
                TestContext.Current.CancellationToken
            )
        );
        Assert.True(await provider.VerifyAsync(TestContext.Current.CancellationToken));
        Assert.Equal(3, Directory.GetFiles(provider.Folder).Length);
    }

    [Fact]
    public async Task ClientThatStartsAgain_IsCountedOnce()
    {
        var progress = new List<ModelProgress>();
        await Provider()
            .InstallAsync(
                async (package, cancellationToken) =>
                {
                    await package.WriteAsync(Package().AsMemory(0, 500), cancellationToken);
                    package.SetLength(0);
                    await package.WriteAsync(Package(), cancellationToken);
                },
                new DirectList(progress),
                TestContext.Current.CancellationToken
            );
        Assert.Equal(Package().Length, progress[^1].Done);
    }

    [Fact]
    public async Task DamagedProvider_IsNoticed()
    {
        var provider = Provider();
        await provider.InstallAsync(Sends(Package()), progress: null, TestContext.Current.CancellationToken);
        await using (var file = File.OpenWrite(provider.FindInstalled()!))
        {
            file.WriteByte(7);
        }

        Assert.False(await provider.VerifyAsync(TestContext.Current.CancellationToken));
        await provider.InstallAsync(Sends(Package()), progress: null, TestContext.Current.CancellationToken);
        Assert.True(await provider.VerifyAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task FolderThatCannotBeWritten_IsNamed()
    {
        await File.WriteAllTextAsync(_home.File("cuda"), "a file where a folder has to be", TestContext.Current.CancellationToken);
        var provider = Provider();
        var error = await Assert.ThrowsAsync<LipSyncException>(() =>
            provider.InstallAsync(Sends(Package()), progress: null, TestContext.Current.CancellationToken)
        );
        Assert.Equal(LipSyncErrorCode.OutputFailed, error.Code);
        Assert.Contains($"\"{provider.Folder}\" cannot be written", error.Message, StringComparison.Ordinal);
    }

    /// <summary>The version in the program and the one that bench/gpu packs.</summary>
    [Fact]
    public void PackedProvider_IsTheSame() =>
        Assert.Contains(
            $"Version=\"[{CudaProvider.Version}]\"",
            File.ReadAllText(Path.Combine(RepositoryFolder.Path, "bench", "gpu", "provider.proj")),
            StringComparison.Ordinal
        );

    private static Func<Stream, CancellationToken, Task> Sends(byte[] package) =>
        (target, cancellationToken) => target.WriteAsync(package, cancellationToken).AsTask();

    private static byte[] Package() => Package(Library);

    private static byte[] Package(byte[]? library)
    {
        var bytes = new MemoryStream();
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create))
        {
            Add(archive, "LICENSE", "MIT"u8);
            Add(archive, "ThirdPartyNotices.txt", "Others"u8);
            Add(archive, "../../evil.so", "outside"u8);
            if (library is not null)
            {
                Add(archive, Entry, library);
            }
        }

        return bytes.ToArray();
    }

    private static void Add(ZipArchive archive, string name, ReadOnlySpan<byte> content)
    {
        using var entry = archive.CreateEntry(name).Open();
        entry.Write(content);
    }

    private CudaProvider Provider() =>
        new(
            new CudaSearch(name => name == "LATENTSYNC_HOME" ? _home.Path : null, [_home.File("program")], _home.Path, _ => null),
            "A.Package",
            Package().Length,
            Entry,
            Library.Length,
            Convert.ToHexStringLower(SHA256.HashData(Library))
        );

    private sealed class DirectList(List<ModelProgress> list) : IProgress<ModelProgress>
    {
        public void Report(ModelProgress value) => list.Add(value);
    }
}
