using LatentSync.Faces;
using LatentSync.Imaging;
using LatentSync.Latents;
using LatentSync.Restoration;
using LatentSync.Tensors;
using LatentSync.TestKit;
using static System.FormattableString;

namespace GoldenSubset;

/// <summary>
/// Those parts of the golden pictures that show nobody: what the networks with random weights painted, one colour, and a corner of
/// the frame with its background. Which pixels of a result are known is found by computing it twice, with what is left out once at
/// the least and once at the largest value: where that changes nothing, the result follows from what is in the excerpts.
/// </summary>
internal sealed class Excerpts(string golden, string target)
{
    private const int Resolution = 128;
    private const int LargeResolution = 512;
    private const string Frame = "align/frame0.png";
    private const string Crop = "align/frame0_crop_420x560.png";
    private const string Face = "align/frame0_face_512.png";
    private const string Restored = "align/frame0_restored.png";
    private const string Resized = "align/generated_resized_560x420_sample.npy";
    private const string Faces = "e2e/composited_faces.npy";
    private const string Speech = "whisper_tiny/speech.wav";

    // The lower left corner of the crop lies within.
    private static readonly PixelRectangle Corner = new(112, 172, 158, 222);

    // What frame0_restored.png was made with: these pixels of the face in one colour.
    private static readonly PixelRectangle Painted = new(120, 260, 400, 420);

    private static readonly float[] Extremes = [-1, 1];

    /// <summary>Whether a file whose name begins like those of pictures is none.</summary>
    public static bool IsHarmless(string name) => name is "align/frame0_landmarks3.npy" or "align/frame0_affine_512.npy";

    /// <summary>Writes all excerpts.</summary>
    /// <returns>Their names.</returns>
    public IReadOnlyList<string> Write() => [.. WriteAlignment(), .. WriteEndToEnd(), WriteSpeech()];

    private List<string> WriteAlignment()
    {
        var alignment = Transform("align/frame0_affine_512.npy");
        var frame = Read(Frame);
        var frameKnown = Inside(Corner, frame.Width, frame.Height);
        var (crop, face) = (Read(Crop), Read(Face));
        var cropKnown = Determined(crop.Width, crop.Height, extreme =>
        {
            var result = new RgbImage(crop.Width, crop.Height);
            AffineWarp.Warp(With(frame, frameKnown, extreme), alignment, result, 127);
            return result;
        });
        var faceKnown = Determined(face.Width, face.Height, extreme =>
        {
            var result = new RgbImage(face.Width, face.Height);
            new LanczosResizer(crop.Width, crop.Height, result.Width, result.Height, RgbImage.Channels).Resize(
                With(crop, cropKnown, extreme).Pixels,
                result.Pixels
            );
            return result;
        });
        var restoredKnown = Determined(frame.Width, frame.Height, extreme =>
        {
            var result = With(frame, frameKnown, extreme);
            new ReferenceRestorer(LargeResolution).Restore(result, alignment, Generated(face, faceKnown, extreme).Data, weight: 1);
            return result;
        });
        WriteExcerpt(Frame, frame, frameKnown);
        WriteExcerpt(Crop, crop, cropKnown);
        WriteExcerpt(Face, face, faceKnown);
        WriteExcerpt(Restored, Read(Restored), restoredKnown);
        WriteResized(face, faceKnown);
        return [Frame, Crop, Face, Restored, Resized];
    }

    private void WriteResized(RgbImage face, bool[] faceKnown)
    {
        const int step = 16;
        const int width = 420;
        const int height = 560;
        var sample = Tensor(Resized);
        var resizer = new BicubicResizer(LargeResolution, LargeResolution, width, height);
        List<float>[] both =
        [
            .. Extremes.Select(extreme =>
            {
                var (values, resized) = (new List<float>(), new float[width * height]);
                var generated = Generated(face, faceKnown, extreme);
                for (var channel = 0; channel < RgbImage.Channels; channel++)
                {
                    resizer.Resize(generated.Row(channel), resized);
                    for (var i = 0; i < resized.Length; i++)
                    {
                        if (i % width % step == 0 && i / width % step == 0)
                        {
                            values.Add(resized[i]);
                        }
                    }
                }

                return values;
            }),
        ];
        for (var i = 0; i < sample.Length; i++)
        {
            sample.Data[i] = both[0][i].Equals(both[1][i]) ? sample.Data[i] : float.NaN;
        }

        WriteTensor(Resized, sample);
    }

    private List<string> WriteEndToEnd()
    {
        var faces = Tensor(Faces);
        var mask = new RepaintMask(Resolution).Pixels;
        for (var i = 0; i < faces.Length; i++)
        {
            faces.Data[i] = mask[i % mask.Length] == 0 ? faces.Data[i] : float.NaN;
        }

        WriteTensor(Faces, faces);
        List<string> names = [Faces];
        var landmarks = Tensor("e2e/landmarks3.npy");
        var aligner = new FaceAligner(Resolution);
        for (var i = 0; i < faces.Shape[0]; i++)
        {
            var p = landmarks.Row(i);
            var alignment = aligner.Align(new Point2D(p[0], p[1]), new Point2D(p[2], p[3]), new Point2D(p[4], p[5]));
            var name = Invariant($"e2e/out_{i}.png");
            var result = Read(name);
            var known = Determined(result.Width, result.Height, extreme =>
            {
                var frame = With(result, new bool[result.Width * result.Height], extreme);
                var face = faces.Row(i).ToArray();
                new ReferenceRestorer(Resolution).Restore(frame, alignment, Array.ConvertAll(face, value => float.IsNaN(value) ? extreme : value), weight: 1);
                return frame;
            });
            WriteExcerpt(name, result, known);
            names.Add(name);
        }

        return names;
    }

    /// <summary>The second window of 30 s and a little before, which begins behind the recording that the speech begins with.</summary>
    private string WriteSpeech()
    {
        const int secondWindow = 30 * Wav.SampleRate;
        const int before = Wav.SampleRate / 10;
        Wav.Write(Path.Combine(target, Speech), Wav.Read(Path.Combine(golden, Speech)).AsSpan(secondWindow - before));
        return Speech;
    }

    private static bool[] Determined(int width, int height, Func<float, RgbImage> compute)
    {
        var (low, high) = (compute(Extremes[0]).Pixels, compute(Extremes[1]).Pixels);
        return
        [
            .. Enumerable
                .Range(0, width * height)
                .Select(i => low.AsSpan(i * RgbImage.Channels, RgbImage.Channels).SequenceEqual(high.AsSpan(i * RgbImage.Channels, RgbImage.Channels))),
        ];
    }

    private static bool[] Inside(PixelRectangle rectangle, int width, int height) =>
        [
            .. Enumerable
                .Range(0, width * height)
                .Select(i => i % width >= rectangle.Left && i % width < rectangle.Right && i / width >= rectangle.Top && i / width < rectangle.Bottom),
        ];

    private static RgbImage With(RgbImage image, bool[] known, float extreme)
    {
        var other = extreme < 0 ? byte.MinValue : byte.MaxValue;
        return new RgbImage(image.Width, image.Height, [.. image.Pixels.Select((value, i) => known[i / RgbImage.Channels] ? value : other)]);
    }

    private Tensor Generated(RgbImage face, bool[] known, float extreme)
    {
        var colour = Tensor("align/generated_512.npy");
        var painted = Inside(Painted, LargeResolution, LargeResolution);
        var result = new Tensor(RgbImage.Channels, LargeResolution, LargeResolution);
        for (var i = 0; i < painted.Length; i++)
        {
            for (var channel = 0; channel < RgbImage.Channels; channel++)
            {
                result.Row(channel)[i] =
                    painted[i] ? colour.Data[channel]
                    : known[i] ? (face.Pixels[(RgbImage.Channels * i) + channel] / 255f * 2) - 1
                    : extreme;
            }
        }

        return result;
    }

    private RgbImage Read(string name) => Png.Read(Path.Combine(golden, name));

    private Tensor Tensor(string name) => Npy.ReadTensor(Path.Combine(golden, name));

    private AffineTransform Transform(string name)
    {
        var m = Tensor(name).Data;
        return new AffineTransform(m[0], m[1], m[2], m[3], m[4], m[5]);
    }

    private void WriteExcerpt(string name, RgbImage image, bool[] known) => Png.WriteExcerpt(Path.Combine(target, name), image, known);

    private void WriteTensor(string name, Tensor tensor) => Npy.Write(Path.Combine(target, name), tensor);
}
