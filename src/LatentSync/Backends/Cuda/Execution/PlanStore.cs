using System.Text.Json;
using LatentSync.Backends.Cuda.Kernels;

namespace LatentSync.Backends.Cuda.Execution;

/// <summary>
/// What was found out about a card once and need not be measured again: the fastest algorithm of a product, the plan of a
/// convolution. One file for each card and version of the libraries; a file that cannot be read counts as empty.
/// </summary>
internal sealed class PlanStore
{
    private readonly string _path;
    private readonly Dictionary<string, string> _plans;
    private bool _isChanged;

    /// <summary>Reads what is known.</summary>
    public PlanStore(string path)
    {
        _path = path;
        _plans = Read(path);
    }

    /// <summary>How many are known.</summary>
    public int Count => _plans.Count;

    /// <summary>A plan by its key; null if it is not known.</summary>
    public string? this[string key]
    {
        get => _plans.GetValueOrDefault(key);
        set
        {
            _plans[key] = value!;
            _isChanged = true;
        }
    }

    /// <summary>Writes the file if something was added.</summary>
    public void Save()
    {
        if (_isChanged)
        {
            CacheFile.Write(_path, JsonSerializer.SerializeToUtf8Bytes(_plans, PlanJson.Default.DictionaryStringString));
            _isChanged = false;
        }
    }

    private static Dictionary<string, string> Read(string path)
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllBytes(path), PlanJson.Default.DictionaryStringString) ?? [] : [];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            return [];
        }
    }
}
