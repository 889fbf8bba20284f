using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using LatentSync.Files;

namespace LatentSync.Jobs;

/// <summary>The small files of a job folder: there whole or not at all, and not believed when they are read.</summary>
internal static class JobFiles
{
    // Ten hours in parts of ten seconds need 700 KB.
    private const long LongestFile = 16 << 20;

    /// <summary>Writes a file, there whole or not at all.</summary>
    /// <exception cref="LipSyncException">OutputFailed.</exception>
    public static void Write(string path, ReadOnlySpan<byte> bytes) => AtomicFile.Write(path, bytes, Disk);

    /// <summary>Reads a file; null if it is not there.</summary>
    /// <exception cref="LipSyncException">InvalidInput: it is not what a job writes. OutputFailed: it cannot be read.</exception>
    public static T? Read<T>(string path, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            if (UserFile.Length(path) is not { } length)
            {
                return null;
            }

            return length is > 0 and <= LongestFile && JsonSerializer.Deserialize(File.ReadAllBytes(path), type) is { } value ? value : throw Damaged(path);
        }
        catch (JsonException)
        {
            throw Damaged(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Disk(path, $"read", error);
        }
    }

    /// <summary>The SHA-256 of a file.</summary>
    /// <exception cref="LipSyncException">OutputFailed: it cannot be read.</exception>
    public static Task<string> DigestAsync(string path, CancellationToken cancellationToken) =>
        FileDigest.ComputeAsync(path, static _ => { }, cancellationToken, Disk);

    /// <summary>What tells a large file apart, by samples of it; see <see cref="FileFingerprint"/>.</summary>
    /// <exception cref="LipSyncException">OutputFailed: it cannot be read.</exception>
    public static string Fingerprint(string path) => FileFingerprint.Of([path], static (file, error) => Disk(file, $"read", error));

    /// <summary>A file that no job wrote.</summary>
    public static LipSyncException Damaged(string path) =>
        new(LipSyncErrorCode.InvalidInput, $"\"{path}\" of an unfinished job is damaged; begin again with {new OptionReference("Restart")}.") { Path = path };

    /// <summary>A file that the disk does not give or take.</summary>
    public static LipSyncException Disk(string path, FormattableString done, Exception cause) =>
        new(LipSyncErrorCode.OutputFailed, $"\"{path}\" cannot be {done} ({cause.Message.TrimEnd('.')}); check the disk and the folder's permissions.", cause)
        {
            Path = path,
        };
}
