using System.Diagnostics;
using System.Text.Json;
using LatentSync.Progress;
using LatentSync.Tensors;

namespace LatentSync.SamplerBenchmark;

/// <summary>Paints clips of films, one sampling after the other, with a model that is loaded once.</summary>
internal sealed class Painter(LipSyncModel model, IReadOnlyList<Film> films)
{
    private readonly Tensor _faces = new(Setting.ClipLength, 3, model.Resolution, model.Resolution);

    /// <summary>Paints the clips that a setting names, in the order of the films.</summary>
    /// <param name="setting">The sampling.</param>
    /// <param name="output">Gets a line of JSON with frames and times, and the faces: 8-bit RGB, [frame, row, column, channel].</param>
    public void Paint(Setting setting, Stream output)
    {
        var (times, options) = (new WorkTimes(), setting.ToOptions());
        List<(Film Film, int Clip)> clips =
        [
            .. films.SelectMany(film =>
                Enumerable.Range(0, film.Clips(Setting.ClipLength)).Where(clip => clip % setting.Every == 0).Select(clip => (film, clip))
            ),
        ];

        // Loads the networks and compiles what is missing, which a film does once.
        Generate(options, new WorkTimes(), clips[0]);
        using var painted = new MemoryStream();
        var watch = new Stopwatch();
        foreach (var clip in clips)
        {
            watch.Start();
            Generate(options, times, clip);
            watch.Stop();
            Append(painted);
        }

        var seconds = times.ToDictionary();
        JsonSerializer.Serialize(
            output,
            new
            {
                frames = clips.Count * Setting.ClipLength,
                seconds = watch.Elapsed.TotalSeconds,
                encode = seconds[LipSyncWork.VaeEncode].TotalSeconds,
                denoise = seconds[LipSyncWork.Denoise].TotalSeconds,
                decode = seconds[LipSyncWork.VaeDecode].TotalSeconds,
            }
        );
        output.Write("\n"u8);
        painted.WriteTo(output);
        output.Flush();
    }

    private void Generate(LipSyncOptions options, WorkTimes times, (Film Film, int Clip) clip)
    {
        // The noise of a frame is the same wherever its clip lies in the film.
        var generator = model.CreateGenerator(options, times, CancellationToken.None);
        generator.Generate(
            clip.Film.Faces(clip.Clip, Setting.ClipLength),
            clip.Clip * Setting.ClipLength,
            clip.Film.Audio(clip.Clip, Setting.ClipLength),
            _faces.Rows(),
            stepDone: null,
            CancellationToken.None
        );
    }

    private void Append(MemoryStream painted)
    {
        var plane = model.Resolution * model.Resolution;
        var pixels = new byte[_faces.Length];
        for (var frame = 0; frame < Setting.ClipLength; frame++)
        {
            var planes = _faces.Row(frame);
            var first = frame * planes.Length;
            for (var i = 0; i < planes.Length; i++)
            {
                pixels[first + (i % plane * 3) + (i / plane)] = (byte)Math.Clamp((int)MathF.Round((planes[i] + 1) * 127.5f), 0, byte.MaxValue);
            }
        }

        painted.Write(pixels);
    }
}
