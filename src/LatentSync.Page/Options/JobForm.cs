using System.Globalization;
using LatentSync.Page.Jobs;

namespace LatentSync.Page.Options;

/// <summary>What somebody is about to submit. Only options that differ from their default are sent.</summary>
public sealed class JobForm
{
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

    private string Default(string name) => name == Model ? string.Empty : _options.Single(option => option.Name == name).Default;
}
