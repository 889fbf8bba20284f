using LatentSync.Faces;
using LatentSync.Faces.MediaPipe;
using LatentSync.Imaging;
using LatentSync.Latents;
using LatentSync.Media.Probe;
using LatentSync.Media.Read;

namespace LatentSync.Benchmarks;

/// <summary>
/// How a painted region looks beside its source: in the aligned face of each frame, within the region that a model paints. With the
/// true video, in which the same head says what the result says, also how near the result is to it, apart for what moves and what does not.
/// </summary>
internal static class PasteBenchmark
{
    /// <summary>The option that asks for it.</summary>
    public const string Option = "--paste";

    private const int Resolution = 512;
    private const int Peak = byte.MaxValue;

    // What differs less between source and truth has not moved; noise and coding differ by less than this.
    private const int StillDifference = 6;

    // Where lips are, as shares of the face, and how much of that they take.
    private const double LipsShare = 0.15;
    private static readonly (double Left, double Top, double Right, double Bottom) Mouth = (0.32, 0.42, 0.68, 0.6);

    private static readonly bool[] Painted = Array.ConvertAll(new RepaintMask(Resolution).Pixels, value => value < 0.5f);

    /// <summary>Writes a row of a table for a result.</summary>
    /// <param name="source">The video that was lip-synced.</param>
    /// <param name="result">What came of it, frame by frame.</param>
    /// <param name="truth">What should have come of it, if that is known.</param>
    public static async Task RunAsync(string source, string result, string? truth)
    {
        using var landmarker = new MediaPipeFaceLandmarker(FaceModelFiles.DefaultFolder);
        var aligner = new FaceAligner(Resolution);
        var measures = new Measures();
        var paths = truth is null ? [source, result] : (string[])[source, result, truth];
        var readers = new List<VideoReader>();
        var frames = new List<RgbImage>();
        foreach (var path in paths)
        {
            var video = (await MediaProbe.ProbeAsync(path, CancellationToken.None)).RequireVideo();
            readers.Add(await VideoReader.OpenAsync(path, video, new VideoReadOptions(), CancellationToken.None));
            frames.Add(new RgbImage(video.DisplayWidth, video.DisplayHeight));
        }

        var cropper = new FaceCropper(Resolution);
        while (await AllAsync(readers, frames))
        {
            if (landmarker.Find(frames[0]) is not { } face)
            {
                continue;
            }

            var alignment = aligner.Align(face.LeftBrow, face.RightBrow, face.Nose);
            var faces = frames.ConvertAll(frame =>
            {
                var crop = new RgbImage(Resolution, Resolution);
                cropper.Crop(frame, alignment, crop);
                return crop;
            });
            measures.Add(faces);
        }

        foreach (var reader in readers)
        {
            await reader.DisposeAsync();
        }

        Console.WriteLine("| frames | sharpness | lips, of 255 | still, dB | moved, dB | flicker of what is still |");
        Console.WriteLine("|---:|---:|---:|---:|---:|---:|");
        Console.WriteLine(measures.Row());
    }

    private static async Task<bool> AllAsync(List<VideoReader> readers, List<RgbImage> frames)
    {
        foreach (var (reader, frame) in readers.Zip(frames))
        {
            if (!await reader.ReadAsync(frame, CancellationToken.None))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Sums over frames.</summary>
    private sealed class Measures
    {
        private readonly List<double> _sharpness = [];
        private readonly List<double[]> _sourceLips = [];
        private readonly List<double[]> _resultLips = [];
        private double _still;
        private double _moved;
        private long _stillCount;
        private long _movedCount;
        private double _flicker;
        private double _trueFlicker;
        private List<RgbImage>? _before;

        public void Add(List<RgbImage> faces)
        {
            _sharpness.Add(Sharpness(faces[1]) / Sharpness(faces[0]));
            _sourceLips.Add(Lips(faces[0]));
            _resultLips.Add(Lips(faces[1]));
            if (faces.Count > 2)
            {
                Compare(faces);
            }

            _before = faces;
        }

        public string Row()
        {
            var (source, result) = (Mean(_sourceLips), Mean(_resultLips));
            var lips = Math.Sqrt(source.Zip(result, (a, b) => (a - b) * (a - b)).Sum());
            var known = _stillCount > 0;
            return FormattableString.Invariant($"| {_sharpness.Count} | {_sharpness.Average():0.00} | {lips:0.0} ({Text(source)} -> {Text(result)}) ")
                + (
                    known
                        ? FormattableString.Invariant($"| {Decibels(_still, _stillCount)} | {Decibels(_moved, _movedCount)} | {_flicker / _trueFlicker:0.00} |")
                        : "| | | |"
                );
        }

        private static string Text(double[] colour) => string.Join(' ', colour.Select(value => FormattableString.Invariant($"{value:0}")));

        private static double[] Mean(List<double[]> colours) => [.. Enumerable.Range(0, 3).Select(channel => colours.Average(colour => colour[channel]))];

        private static string Decibels(double squares, long count) =>
            FormattableString.Invariant($"{10 * Math.Log10(Peak * Peak / (squares / Math.Max(1, count))):0.0}");

        private void Compare(List<RgbImage> faces)
        {
            var (source, result, truth) = (faces[0].Pixels, faces[1].Pixels, faces[2].Pixels);
            var moves = Moves(faces[0], faces[2]);
            for (var i = 0; i < Painted.Length; i++)
            {
                if (!Painted[i])
                {
                    continue;
                }

                for (var channel = 3 * i; channel < (3 * i) + 3; channel++)
                {
                    double error = result[channel] - truth[channel];
                    if (moves[i])
                    {
                        (_moved, _movedCount) = (_moved + (error * error), _movedCount + 1);
                        continue;
                    }

                    (_still, _stillCount) = (_still + (error * error), _stillCount + 1);
                    if (_before is not null)
                    {
                        _flicker += Math.Abs(result[channel] - _before[1].Pixels[channel]);
                        _trueFlicker += Math.Abs(truth[channel] - _before[2].Pixels[channel]);
                    }
                }
            }
        }

        /// <summary>Pixels that differ between source and truth, and those next to them.</summary>
        private static bool[] Moves(RgbImage source, RgbImage truth)
        {
            var moves = new bool[Painted.Length];
            for (var i = 0; i < source.Pixels.Length; i++)
            {
                if (Math.Abs(source.Pixels[i] - truth.Pixels[i]) > StillDifference)
                {
                    var (x, y) = (i / 3 % Resolution, i / 3 / Resolution);
                    for (var row = Math.Max(0, y - 2); row <= Math.Min(Resolution - 1, y + 2); row++)
                    {
                        moves.AsSpan(row * Resolution)[Math.Max(0, x - 2)..Math.Min(Resolution, x + 3)].Fill(true);
                    }
                }
            }

            return moves;
        }

        /// <summary>The variance of the Laplacian of green.</summary>
        private static double Sharpness(RgbImage face)
        {
            var pixels = face.Pixels;
            double sum = 0,
                squares = 0;
            var count = 0;
            for (var i = Resolution; i < Painted.Length - Resolution; i++)
            {
                if (Painted[i] && Painted[i - Resolution] && Painted[i + Resolution] && Painted[i - 1] && Painted[i + 1])
                {
                    var at = (3 * i) + 1;
                    var laplacian = (4 * pixels[at]) - pixels[at - 3] - pixels[at + 3] - pixels[at - face.Stride] - pixels[at + face.Stride];
                    (sum, squares, count) = (sum + laplacian, squares + ((double)laplacian * laplacian), count + 1);
                }
            }

            return (squares / count) - (sum / count * (sum / count));
        }

        /// <summary>The mean colour of the reddest part of the mouth.</summary>
        private static double[] Lips(RgbImage face)
        {
            var reddest = (
                from y in Enumerable.Range((int)(Mouth.Top * Resolution), (int)((Mouth.Bottom - Mouth.Top) * Resolution))
                from x in Enumerable.Range((int)(Mouth.Left * Resolution), (int)((Mouth.Right - Mouth.Left) * Resolution))
                let at = 3 * ((y * Resolution) + x)
                let colour = (Red: (double)face.Pixels[at], Green: (double)face.Pixels[at + 1], Blue: (double)face.Pixels[at + 2])
                orderby (colour.Red - colour.Green) / (colour.Red + colour.Green + colour.Blue + 1) descending
                select colour
            )
                .Take((int)(LipsShare * (Mouth.Right - Mouth.Left) * (Mouth.Bottom - Mouth.Top) * Resolution * Resolution))
                .ToList();
            return [reddest.Average(colour => colour.Red), reddest.Average(colour => colour.Green), reddest.Average(colour => colour.Blue)];
        }
    }
}
