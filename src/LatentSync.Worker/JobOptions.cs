using System.CommandLine;
using System.Text.Json;
using LatentSync.FrontEnd.Engines;
using LatentSync.FrontEnd.Options;

namespace LatentSync.Worker;

/// <summary>The options of a job, read as <c>latentsync sync</c> reads them.</summary>
internal sealed class JobOptions
{
    /// <summary>Options with members of their own in the protocol.</summary>
    private static readonly string[] Members = ["video", "audio", "out", "overwrite", "models"];

    private readonly HostSettings _settings;
    private readonly NamedOptions _named;

    /// <summary>Checks the names, not yet the values.</summary>
    /// <param name="settings">What the host wrote.</param>
    /// <param name="command">The options there are.</param>
    /// <exception cref="ProtocolException">An option is unknown.</exception>
    public JobOptions(HostSettings settings, JobCommand command)
    {
        (_settings, _named) = (settings, new NamedOptions(command));
        if (settings.Options.Keys.FirstOrDefault(name => !IsSetting(NamedOptions.Name(name))) is { } unknown)
        {
            throw new ProtocolException($"\"{unknown}\" is no setting of this job; see docs/worker-protocol.md.");
        }
    }

    /// <summary>Reads the options together with those that have members of their own.</summary>
    /// <exception cref="LipSyncException">InvalidOptions with one line for each mistake.</exception>
    public ParseResult Parse(params IEnumerable<KeyValuePair<string, string>> members)
    {
        var parsed = _named.Parse([.. _settings.Options.Where(option => option.Value.ValueKind != JsonValueKind.Null).Select(Read), .. members]);
        return parsed.Errors.Count == 0
            ? parsed
            : throw Invalid(string.Join(Environment.NewLine, parsed.Errors.Select(error => error.Message).Distinct(StringComparer.Ordinal)));
    }

    /// <summary>The job, as far as it is told by options.</summary>
    /// <param name="parsed">From <see cref="Parse"/>.</param>
    public LipSyncRequest Request(ParseResult parsed) => _named.Command.ReadRequest(parsed.CommandResult);

    /// <summary>What the engine is loaded with.</summary>
    /// <param name="parsed">From <see cref="Parse"/>.</param>
    /// <param name="models">Where models are looked for.</param>
    /// <param name="choice">One line for a user who did not say which model; null if he did.</param>
    /// <exception cref="LipSyncException">There is no such model.</exception>
    public LipSyncEngineOptions Engine(ParseResult parsed, ModelLocation models, out FormattableString? choice)
    {
        choice = null;
        var folder = HostModels.Find(_settings.ModelFolders, _settings.ModelName);
        if (folder is null)
        {
            (folder, _, choice) = models.Choose(_settings.ModelName);
        }

        return _named.Command.ReadEngine(parsed, folder);
    }

    private bool IsSetting(string name) => _named.Has(name) && !Members.Contains(name, StringComparer.Ordinal);

    private KeyValuePair<string, string> Read(KeyValuePair<string, JsonElement> option)
    {
        var (name, value) = (NamedOptions.Name(option.Key), Text(option.Key, option.Value));
        return KeyValuePair.Create(name, _settings.Folder is { } folder ? _named.Absolute(name, value, folder) : value);
    }

    private static string Text(string name, JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.String => Text(name, value.GetString),
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
            _ => throw Invalid($"The setting {name} is a list or an object; give it a single value."),
        };

    /// <summary>Texts are looked at only when they are asked for.</summary>
    private static string Text(string name, Func<string?> read)
    {
        try
        {
            return read()!;
        }
        catch (InvalidOperationException)
        {
            throw Invalid($"The setting {name} is not UTF-8; write it anew.");
        }
    }

    private static LipSyncException Invalid(string message) => new(LipSyncErrorCode.InvalidOptions, $"{message}");
}
