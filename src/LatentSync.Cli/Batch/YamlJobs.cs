using LatentSync.FrontEnd.Options;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace LatentSync.Cli.Batch;

/// <summary>Jobs as YAML: a list of mappings, or a mapping with <c>defaults</c> and <c>jobs</c>.</summary>
internal sealed class YamlJobs
{
    private readonly Parser _parser;

    private YamlJobs(Parser parser) => _parser = parser;

    /// <summary>Reads a document.</summary>
    /// <exception cref="YamlException">It is not YAML.</exception>
    /// <exception cref="BatchFileException">It is not YAML of that kind.</exception>
    public static BatchFile Read(string text)
    {
        using var reader = new StringReader(text);
        var parser = new Parser(reader);
        parser.Consume<StreamStart>();
        return parser.TryConsume<DocumentStart>(out _) ? new YamlJobs(parser).ReadTop() : new BatchFile(BatchEntry.Empty, []);
    }

    private BatchFile ReadTop()
    {
        if (_parser.Accept<SequenceStart>(out _))
        {
            return new BatchFile(BatchEntry.Empty, ReadJobs());
        }

        var (defaults, jobs) = (BatchEntry.Empty, (List<BatchEntry>?)null);
        Expect<MappingStart>($"a list of jobs, or defaults and jobs");
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var key = _parser.Consume<Scalar>();
            switch (key.Value)
            {
                case "defaults" when defaults == BatchEntry.Empty:
                    defaults = ReadEntry();
                    break;
                case "jobs" when jobs is null:
                    jobs = ReadJobs();
                    break;
                default:
                    throw new BatchFileException($"\"{key.Value}\" is unknown here or comes twice; at the top are defaults and jobs", (int)key.Start.Line);
            }
        }

        return new BatchFile(defaults, jobs ?? []);
    }

    private List<BatchEntry> ReadJobs()
    {
        var jobs = new List<BatchEntry>();
        Expect<SequenceStart>($"a list of jobs, each of which begins with a dash");
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            jobs.Add(ReadEntry());
        }

        return jobs;
    }

    private BatchEntry ReadEntry()
    {
        var start = Expect<MappingStart>($"names and values, such as video: talk.mp4");
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var key = Expect<Scalar>($"a name");
            var value = Expect<Scalar>($"a single value for {key.Value}");
            var isGiven = value.Style != ScalarStyle.Plain || value.Value is not ("" or "~" or "null");
            if (isGiven && !values.TryAdd(NamedOptions.Name(key.Value), value.Value))
            {
                throw new BatchFileException($"\"{key.Value}\" comes twice", (int)key.Start.Line);
            }
        }

        return new BatchEntry((int)start.Start.Line, values);
    }

    private T Expect<T>(FormattableString what)
        where T : ParsingEvent
    {
        if (_parser.TryConsume<T>(out var found))
        {
            return found;
        }

        throw new BatchFileException($"{what} is expected here", (int)_parser.Current!.Start.Line);
    }
}
