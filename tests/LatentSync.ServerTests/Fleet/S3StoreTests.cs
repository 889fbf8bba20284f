using System.Security.Cryptography;
using LatentSync.Fleet.Storage;
using LatentSync.Server.Settings;
using LatentSync.ServerTests.Support;
using LatentSync.TestKit;
using Microsoft.Extensions.Options;

namespace LatentSync.ServerTests.Fleet;

/// <summary>
/// What the server asks of S3, of s3rver or, where LATENTSYNC_TEST_S3 has address, bucket and keys ("http://HOST:PORT BUCKET KEY SECRET"), of
/// another.
/// </summary>
public sealed class S3StoreTests
{
    private const string OtherVariable = "LATENTSYNC_TEST_S3";

    // More than is sent in one piece.
    private const int LongBytes = 66 << 20;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Store_KeepsFindsGivesAndDeletes()
    {
        using var folder = new TemporaryFolder();
        using var store = new S3Store(Options.Create(await SettingsAsync(folder)));
        var bytes = RandomNumberGenerator.GetBytes(100_000);
        await File.WriteAllBytesAsync(folder.File("short"), bytes, Stop);
        Assert.Null(await store.FindAsync("jobs/a/result", Stop));
        string[] names = ["jobs/a/result", "jobs/a/segments/1", "jobs/b/result", "uploads/c/0"];
        foreach (var name in names)
        {
            await store.PutAsync(name, folder.File("short"), Stop);
        }

        var found = await store.FindAsync("jobs/a/result", Stop);
        Assert.Equal(bytes.Length, found!.Length);
        Assert.Equal(TimeProvider.System.GetUtcNow(), found.ModifiedAt, TimeSpan.FromMinutes(5));
        Assert.Equal(bytes, await ReadAsync(store, "jobs/a/result", 0));
        Assert.Equal(bytes[77_777..], await ReadAsync(store, "jobs/a/result", 77_777));
        Assert.Equal(["a", "b"], await store.FoldersAsync("jobs/", Stop).Order().ToListAsync(Stop));

        // Put again, it is replaced whole.
        await File.WriteAllTextAsync(folder.File("other"), "other", Stop);
        await store.PutAsync("jobs/b/result", folder.File("other"), Stop);
        Assert.Equal("other"u8.ToArray(), await ReadAsync(store, "jobs/b/result", 0));

        await store.DeleteAsync("jobs/a/", Stop);
        await store.DeleteAsync("jobs/a/", Stop);
        Assert.Null(await store.FindAsync("jobs/a/segments/1", Stop));
        Assert.Equal(["b"], await store.FoldersAsync("jobs/", Stop).ToListAsync(Stop));
        await store.DeleteAsync("jobs/", Stop);
        await store.DeleteAsync("uploads/", Stop);
    }

    [Fact(Explicit = true)]
    public async Task LongFiles_AreSentInParts()
    {
        using var folder = new TemporaryFolder();
        using var store = new S3Store(Options.Create(await SettingsAsync(folder)));
        var bytes = RandomNumberGenerator.GetBytes(LongBytes);
        await File.WriteAllBytesAsync(folder.File("long"), bytes, Stop);
        await store.PutAsync("long/file", folder.File("long"), Stop);
        Assert.Equal(LongBytes, (await store.FindAsync("long/file", Stop))!.Length);
        Assert.Equal(SHA256.HashData(bytes), SHA256.HashData(await ReadAsync(store, "long/file", 0)));
        await store.DeleteAsync("long/", Stop);
    }

    private static async Task<byte[]> ReadAsync(S3Store store, string name, long offset)
    {
        await using var source = await store.OpenAsync(name, offset, Stop);
        using var copy = new MemoryStream();
        await source.CopyToAsync(copy, Stop);
        return copy.ToArray();
    }

    private static async Task<ServerSettings> SettingsAsync(TemporaryFolder folder)
    {
        var settings = new ServerSettings();
        settings.Store.Prefix = Path.GetFileName(folder.Path) + "/";
        if (Environment.GetEnvironmentVariable(OtherVariable)?.Split(' ') is [var endpoint, var bucket, var key, var secret])
        {
            (settings.Store.Endpoint, settings.Store.Bucket, settings.Store.AccessKey, settings.Store.SecretKey) = (endpoint, bucket, key, secret);
            return settings;
        }

        var fleet = await TestServices.Calm.FleetAsync(folder.File("fleet"));
        (settings.Store.Endpoint, settings.Store.Bucket) = (fleet["Store:Endpoint"], fleet["Store:Bucket"]);
        (settings.Store.AccessKey, settings.Store.SecretKey) = (fleet["Store:AccessKey"], fleet["Store:SecretKey"]);
        return settings;
    }
}
