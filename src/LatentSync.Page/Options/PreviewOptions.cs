using System.Globalization;
using LatentSync.Server.Jobs;
using static LatentSync.Page.Words.PageWords;

namespace LatentSync.Page.Options;

/// <summary>The options of a preview: the same job, of three seconds.</summary>
internal static class PreviewOptions
{
    /// <summary>How long a preview is, in seconds.</summary>
    public const double Seconds = 3;

    private const double Shortest = 0.1;

    /// <summary>The options.</summary>
    /// <param name="form">Those of the whole job.</param>
    /// <param name="videoSecond">Where in the video it begins; null for a picture.</param>
    /// <param name="soundSecond">Where in the sound it begins, if it is a picture that speaks.</param>
    /// <exception cref="RequestException">The sound has ended there.</exception>
    public static IReadOnlyDictionary<string, string> Of(JobForm form, double? videoSecond, double soundSecond)
    {
        var options = new Dictionary<string, string>(form.Values, StringComparer.Ordinal);
        var (start, delay) = (form.Number(JobForm.AudioStart), form.Number(JobForm.AudioDelay));

        // Seconds of the result.
        var at = videoSecond is { } second ? Math.Max(0, second - form.Number(JobForm.VideoStart)) : Math.Max(0, soundSecond - start) + delay;
        var silence = Math.Clamp(delay - at, 0, Seconds - Shortest);
        var skipped = Math.Max(0, at - delay);
        var rest = options.ContainsKey(JobForm.AudioDuration) ? form.Number(JobForm.AudioDuration) - skipped : double.MaxValue;
        if (rest < Shortest)
        {
            throw new RequestException(422, "invalid_options", Say($"The sound has ended there; move the video back for a preview."));
        }

        Set(JobForm.AudioStart, start + skipped);
        Set(JobForm.AudioDelay, silence);
        Set(JobForm.AudioDuration, Math.Min(rest, Seconds - silence));
        Set(JobForm.VideoStart, videoSecond is null ? 0 : form.Number(JobForm.VideoStart) + at);
        options.Remove(JobForm.Length);
        options.Remove(JobForm.SilentPadding);

        // Frames count from where the preview begins; there the person is near the same place.
        if (options.TryGetValue(JobForm.Face, out var face) && face.IndexOf('@', StringComparison.Ordinal) is > 0 and var frame)
        {
            options[JobForm.Face] = face[..frame];
        }

        return options;

        void Set(string name, double value)
        {
            if (value > 0)
            {
                options[name] = Math.Round(value, 3).ToString(CultureInfo.InvariantCulture);
            }
            else
            {
                options.Remove(name);
            }
        }
    }
}
