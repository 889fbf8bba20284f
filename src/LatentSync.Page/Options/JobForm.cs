using System.Globalization;
using LatentSync.Page.Jobs;

namespace LatentSync.Page.Options;

/// <summary>What somebody is about to submit. Only options that differ from their default are sent.</summary>
public sealed class JobForm
{
    /// <summary>Seconds of the sound that are skipped.</summary>
    public const string AudioStart = "audio_start";

    /// <summary>Seconds of the sound that are used.</summary>
    public const string AudioDuration = "audio_duration";

    /// <summary>Seconds of silence before the sound.</summary>
    public const string AudioDelay = "audio_delay";

    /// <summary>Seconds of the video that are skipped.</summary>
    public const string VideoStart = "video_start";

    /// <summary>Seconds of silence after the sound.</summary>
    public const string SilentPadding = "silent_padding";

    /// <summary>What decides how long the result is.</summary>
    public const string Length = "length";

    /// <summary>What a video does that ends before the sound.</summary>
    public const string Loop = "loop";

    /// <summary>Whose mouth.</summary>
    public const string Face = "face";

    private const string Model = "model";

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<OptionFacts> _options = OptionList.All();

    /// <summary>All options, in the reader's language.</summary>
    public IReadOnlyList<OptionFacts> Options => _options;

    /// <summary>What is sent.</summary>
    public IReadOnlyDictionary<string, string> Values => _values;

    /// <summary>Counts changes.</summary>
    public int Version { get; private set; }

    /// <summary>The value of an option, or its default.</summary>
    public string this[string name]
    {
        get => _values.TryGetValue(name, out var value) ? value : Default(name);
        set
        {
            Version++;
            if (value.Length == 0 || value == Default(name))
            {
                _values.Remove(name);
            }
            else
            {
                _values[name] = value;
            }
        }
    }

    /// <summary>The value of an option that is a number.</summary>
    public double Number(string name) => double.TryParse(this[name], NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : 0;

    /// <summary>Takes the options of an earlier job.</summary>
    public void Take(JobFacts job)
    {
        foreach (var (name, value) in job.Options)
        {
            this[name] = value;
        }
    }

    /// <summary>What would be sent with a preset instead of the sampler, steps and caching that are set.</summary>
    public IReadOnlyDictionary<string, string> With(QualityPreset? quality)
    {
        var form = new JobForm();
        foreach (var (name, value) in _values)
        {
            form[name] = value;
        }

        form.Take(quality);
        return form.Values;
    }

    /// <summary>Seconds of the sound that are used.</summary>
    /// <param name="audio">Seconds of the whole sound.</param>
    public double UsedSeconds(double audio)
    {
        var rest = Math.Max(0, audio - Number(AudioStart));
        return _values.ContainsKey(AudioDuration) ? Math.Min(rest, Number(AudioDuration)) : rest;
    }

    /// <summary>Seconds of the result.</summary>
    /// <param name="video">Seconds of the whole video; 0 for a picture.</param>
    /// <param name="audio">Seconds of the whole sound.</param>
    public double ResultSeconds(double video, double audio)
    {
        var shown = Math.Max(0, video - Number(VideoStart));
        var heard = UsedSeconds(audio) + Number(AudioDelay) + Number(SilentPadding);
        return this[Length] == "video" ? shown
            : this[Loop] == "trim" ? Math.Min(shown, heard)
            : heard;
    }

    /// <summary>Takes sampler, steps and caching of a preset, or their defaults.</summary>
    public void Take(QualityPreset? quality)
    {
        foreach (var (name, value) in Sampling(quality))
        {
            this[name] = value;
        }
    }

    /// <summary>Whether sampler, steps and caching are those of a preset, or their defaults.</summary>
    public bool Has(QualityPreset? quality) => Sampling(quality).All(option => this[option.Name] == option.Value);

    private static (string Name, string Value)[] Sampling(QualityPreset? quality)
    {
        var sampling = new SamplingOptions();
        sampling = quality is { } preset ? sampling.With(preset) : sampling;
        return
        [
            ("sampler", OptionList.NameOf(sampling.Sampler)),
            ("inference_steps", sampling.InferenceSteps.ToString(CultureInfo.InvariantCulture)),
            ("cache_interval", sampling.CacheInterval.ToString(CultureInfo.InvariantCulture)),
        ];
    }

    private string Default(string name) => name == Model ? string.Empty : _options.Single(option => option.Name == name).Default;
}
