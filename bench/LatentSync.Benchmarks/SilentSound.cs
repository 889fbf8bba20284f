using System.Buffers.Binary;

namespace LatentSync.Benchmarks;

/// <summary>Writes silence as 16 kHz mono WAV, as long as so many frames.</summary>
internal static class SilentSound
{
    private const int SampleRate = 16000;
    private const int SamplesPerFrame = 640;
    private const int HeaderLength = 44;

    public static string Write(string path, int frames)
    {
        var data = frames * SamplesPerFrame * sizeof(short);
        var wav = new byte[HeaderLength + data];
        "RIFF"u8.CopyTo(wav);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(4), wav.Length - 8);
        "WAVEfmt "u8.CopyTo(wav.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(20), 1);
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(22), 1);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(24), SampleRate);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(28), SampleRate * sizeof(short));
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(32), sizeof(short));
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(34), 16);
        "data"u8.CopyTo(wav.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(40), data);
        File.WriteAllBytes(path, wav);
        return path;
    }
}
