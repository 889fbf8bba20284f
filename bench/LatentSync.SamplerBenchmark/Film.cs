using System.Runtime.InteropServices;
using LatentSync.Audio;
using LatentSync.Imaging;
using LatentSync.Tensors;

namespace LatentSync.SamplerBenchmark;

/// <summary>Aligned faces of a film, and what the model hears at each of them.</summary>
/// <param name="faces">The faces.</param>
/// <param name="audio">[frames, tokens, width].</param>
internal sealed class Film(List<RgbImage> faces, Tensor audio)
{
    /// <summary>Whole clips.</summary>
    public int Clips(int clipLength) => faces.Count / clipLength;

    /// <summary>The faces of a clip.</summary>
    public List<RgbImage> Faces(int clip, int clipLength) => faces.GetRange(clip * clipLength, clipLength);

    /// <summary>What the model hears at a clip.</summary>
    public Tensor Audio(int clip, int clipLength)
    {
        var part = new Tensor(clipLength, audio.Shape[1], audio.Shape[2]);
        audio.Span.Slice(clip * part.Length, part.Length).CopyTo(part.Span);
        return part;
    }

    /// <summary>Reads all films of a folder: NAME.faces, 8-bit RGB, and NAME.sound, 16 kHz mono, 16 bit.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="side">Width and height of a face.</param>
    /// <param name="encoder">Sound to features.</param>
    public static List<Film> ReadAll(string folder, int side, IAudioEncoder encoder) =>
        [.. Directory.GetFiles(folder, "*.faces").Order(StringComparer.Ordinal).Select(path => Read(path, side, encoder))];

    private static Film Read(string path, int side, IAudioEncoder encoder)
    {
        var (bytes, length) = (File.ReadAllBytes(path), side * side * RgbImage.Channels);
        if (bytes.Length % length != 0)
        {
            throw new InvalidDataException(Invariant($"{path} does not hold whole faces of {side} pixels."));
        }

        List<RgbImage> faces = [.. bytes.Chunk(length).Select(pixels => new RgbImage(side, side, pixels))];
        var samples = MemoryMarshal.Cast<byte, short>(File.ReadAllBytes(Path.ChangeExtension(path, ".sound")));
        var heard = FrameAudio.Create(samples, encoder, parity: false);
        if (heard.FrameCount < faces.Count)
        {
            throw new InvalidDataException($"The sound of {path} ends before its faces.");
        }

        var audio = new Tensor(faces.Count, heard.TokenCount, heard.Width);
        for (var frame = 0; frame < faces.Count; frame++)
        {
            heard.CopyFrame(frame, audio.Row(frame));
        }

        return new Film(faces, audio);
    }
}
