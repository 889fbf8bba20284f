using System.Buffers.Binary;
using System.Security.Cryptography;
using LatentSync.Checkpoints.Tensors;

namespace LatentSync.Checkpoints.Verification;

/// <summary>Tells models apart by samples of their files; reading all of five gigabytes takes seconds that every start would cost.</summary>
internal static class WeightFingerprint
{
    private const int Samples = 64;
    private const int SampleLength = 1 << 16;

    /// <summary>SHA-256, in lower-case hexadecimal, of the files' lengths and of blocks evenly spread over them.</summary>
    /// <exception cref="LipSyncException">InvalidModel: a file cannot be read.</exception>
    public static string Of(params IReadOnlyList<string> paths)
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
                throw ModelErrors.Damaged(path, $"it cannot be read", error);
            }
        }

        return Convert.ToHexStringLower(digest.GetHashAndReset());
    }
}
