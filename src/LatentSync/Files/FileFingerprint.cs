using System.Buffers.Binary;
using System.Security.Cryptography;

namespace LatentSync.Files;

/// <summary>Tells large files apart by samples of them; reading all of five gigabytes takes seconds that every start would cost.</summary>
internal static class FileFingerprint
{
    private const int Samples = 64;
    private const int SampleLength = 1 << 16;

    /// <summary>SHA-256, in lower-case hexadecimal, of the files' lengths and of blocks evenly spread over them.</summary>
    /// <param name="paths">The files.</param>
    /// <param name="failure">The error of a file that cannot be read.</param>
    /// <exception cref="LipSyncException">A file cannot be read.</exception>
    public static string Of(IReadOnlyList<string> paths, Func<string, Exception, LipSyncException> failure)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var block = new byte[SampleLength];
        foreach (var path in paths)
        {
            try
            {
                using var file = File.OpenHandle(path);
                var length = RandomAccess.GetLength(file);
                BinaryPrimitives.WriteInt64LittleEndian(block, length);
                digest.AppendData(block, 0, sizeof(long));
                for (var sample = 0; sample < Samples; sample++)
                {
                    var place = (long)((Int128)Math.Max(0, length - SampleLength) * sample / (Samples - 1));
                    digest.AppendData(block, 0, RandomAccess.Read(file, block, place));
                }
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw failure(path, error);
            }
        }

        return Convert.ToHexStringLower(digest.GetHashAndReset());
    }
}
