using LatentSync.Backends;
using LatentSync.Imaging;
using LatentSync.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace LatentSync.EndToEndTests.Pipeline;

/// <summary>Paints each face in a colour that tells of all that goes into it: the faces of the whole clip, the sound, the number of the frame.</summary>
internal sealed class TellingGenerator : IFaceGenerator
{
    private int _clips;

    public int Resolution => 128;

    public int LongestClip => 24;

    /// <summary>Called with the number of each clip before it is painted.</summary>
    public Action<int> Work { get; init; } = _ => { };

    public void Generate(
        IReadOnlyList<RgbImage> faces,
        int firstFrame,
        Tensor audio,
        IReadOnlyList<Memory<float>> generated,
        Action? stepDone,
        CancellationToken cancellationToken
    )
    {
        Work(_clips++);
        cancellationToken.ThrowIfCancellationRequested();
        var clip = faces.Sum(face => face.Pixels.Sum(value => (long)value));
        for (var i = 0; i < faces.Count; i++)
        {
            var values = new[] { clip % 251 / 250f, (firstFrame + i) % 40 / 40f, (float)Math.Tanh(Math.Abs(TensorPrimitives.Sum<float>(audio.Row(i)))) };
            for (var plane = 0; plane < values.Length; plane++)
            {
                generated[i].Span.Slice(plane * Resolution * Resolution, Resolution * Resolution).Fill((2 * values[plane]) - 1);
            }
        }

        stepDone?.Invoke();
    }
}
