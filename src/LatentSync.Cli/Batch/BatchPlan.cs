using LatentSync.Cli.Commands;
using LatentSync.FrontEnd.Engines;
using LatentSync.FrontEnd.Options;
using LatentSync.FrontEnd.Words;

namespace LatentSync.Cli.Batch;

/// <summary>Turns the jobs of a file into requests, as if each had been written on a command line, and collects all mistakes.</summary>
/// <param name="path">The file; relative paths in it begin in its folder.</param>
/// <param name="overwrite">Outputs that exist are replaced.</param>
/// <param name="notice">Told which model is used where none is named.</param>
internal sealed class BatchPlan(string path, bool overwrite, Action<string> notice)
{
    private const string ModelName = "models";
    private const string OverwriteName = "overwrite";

    private static readonly StringComparer PathComparer = OperatingSystem.IsLinux() ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase;

    private readonly string _folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
    private readonly NamedOptions _options = new(new JobCommand());
    private readonly List<string> _mistakes = [];
    private readonly Dictionary<string, int> _outputs = new(PathComparer);
    private readonly List<LipSyncEngineOptions> _engines = [];
    private readonly Dictionary<string, string> _models = new(StringComparer.Ordinal);

    /// <summary>The jobs of a file.</summary>
    /// <exception cref="LipSyncException">InvalidOptions with one line for each mistake.</exception>
    public IReadOnlyList<BatchJob> Create(BatchFile file)
    {
        CheckNames($"defaults (line {file.Defaults.Line})", file.Defaults);
        var jobs = new List<BatchJob>();
        foreach (var (index, entry) in file.Jobs.Index())
        {
            FormattableString where = $"job {index + 1} (line {entry.Line})";
            if (CheckNames(where, entry) && Read(index + 1, where, file.Defaults, entry) is { } job)
            {
                jobs.Add(job);
            }
        }

        return _mistakes.Count == 0
            ? jobs
            : throw new LipSyncException(
                LipSyncErrorCode.InvalidOptions,
                $"{string.Join(Environment.NewLine, [.. _mistakes, CommandWords.Say($"Nothing was started; correct \"{path}\".")])}"
            )
            {
                Path = path,
            };
    }

    private bool CheckNames(FormattableString where, BatchEntry entry)
    {
        var unknown = entry.Values.Keys.Where(name => !_options.Has(name)).ToList();
        _mistakes.AddRange(
            unknown.Select(name =>
            {
                var hint = Spelling.Nearest(name, _options.Names) is { } meant ? (FormattableString)$"did you mean {meant}? See" : $"see";
                return CommandWords.Say($"{where}: \"{name}\" is no option of a job; {hint} \"latentsync sync --help\".");
            })
        );
        return unknown.Count == 0;
    }

    private BatchJob? Read(int number, FormattableString where, BatchEntry defaults, BatchEntry entry)
    {
        var values = new Dictionary<string, string>(defaults.Values.Where(value => _options.Has(value.Key)), StringComparer.Ordinal);
        foreach (var (name, value) in entry.Values)
        {
            values[name] = value;
        }

        if (overwrite)
        {
            values[OverwriteName] = "true";
        }

        var parsed = _options.Parse(values.Select(value => KeyValuePair.Create(value.Key, _options.Absolute(value.Key, value.Value, _folder))));
        if (parsed.Errors.Count > 0)
        {
            _mistakes.AddRange(
                parsed.Errors.Select(error => error.Message).Distinct(StringComparer.Ordinal).Select(message => CommandWords.Say($"{where}: {message}"))
            );
            return null;
        }

        var request = _options.Command.ReadRequest(parsed.CommandResult);
        var isDone = !request.Overwrite && File.Exists(request.Output);
        if (FileMistake(request, number, isDone) is { } mistake)
        {
            _mistakes.Add(CommandWords.Say($"{where}: {mistake}"));
            return null;
        }

        try
        {
            var model = FindModel(values.GetValueOrDefault(ModelName));
            return new BatchJob(number, request, SameEngine(_options.Command.ReadEngine(parsed, model)), isDone);
        }
        catch (LipSyncException error)
        {
            _mistakes.Add(CommandWords.Say($"{where}: {error.Sentence}"));
            return null;
        }
    }

    /// <summary>An input may be missing if an earlier job writes it, or if it is no longer needed.</summary>
    private FormattableString? FileMistake(LipSyncRequest request, int number, bool isDone)
    {
        if (!_outputs.TryAdd(request.Output, number))
        {
            return $"\"{request.Output}\" is the output of job {_outputs[request.Output]} too; give each its own.";
        }

        return isDone ? null
            : !Directory.Exists(Path.GetDirectoryName(request.Output))
                ? (FormattableString)$"the folder of \"{request.Output}\" does not exist; create it first."
            : Missing(request.Video) ?? Missing(request.Audio);

        FormattableString? Missing(string input) =>
            !File.Exists(input) && _outputs.TryGetValue(input, out var writer) && writer != number ? null : UserFile.Mistake(input);
    }

    /// <summary>Equal options become one object.</summary>
    private LipSyncEngineOptions SameEngine(LipSyncEngineOptions engine)
    {
        var known = _engines.Find(other => EngineOptions.AreEqual(engine, other));
        if (known is null)
        {
            _engines.Add(engine);
        }

        return known ?? engine;
    }

    /// <summary>A folder beside the file of jobs, else what <c>--models</c> takes; looked up once for each name.</summary>
    private string FindModel(string? given)
    {
        var key = given ?? string.Empty;
        if (!_models.TryGetValue(key, out var folder))
        {
            var beside = given is null ? null : Path.GetFullPath(given, _folder);
            var choice = ModelLocation.OfThisProcess().Choose(Directory.Exists(beside) ? beside : given);
            if (choice.Notice is { } sentence)
            {
                notice(CommandWords.Say(sentence));
            }

            _models[key] = folder = choice.Folder;
        }

        return folder;
    }
}
