using System.Text;
using System.Text.Json;
using LatentSync.FrontEnd.Options;

namespace LatentSync.Cli.Batch;

/// <summary>Jobs as JSON: a list of objects, or an object with <c>defaults</c> and <c>jobs</c>.</summary>
internal static class JsonJobs
{
    private const int MaximumDepth = 8;

    /// <summary>Reads a document. Comments and commas at the end of a list are let through.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    /// <exception cref="BatchFileException">It is not JSON of that kind.</exception>
    public static BatchFile Read(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var reader = new Utf8JsonReader(
            bytes,
            new JsonReaderOptions
            {
                CommentHandling = JsonCommentHandling.Skip,
                AllowTrailingCommas = true,
                MaxDepth = MaximumDepth,
            }
        );
        var (defaults, jobs) = (BatchEntry.Empty, (List<BatchEntry>?)null);
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartArray)
        {
            jobs = ReadJobs(ref reader, bytes);
        }
        else
        {
            Require(reader, JsonTokenType.StartObject, bytes, $"a list of jobs, or defaults and jobs");
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = reader.GetString();
                reader.Read();
                (defaults, jobs) = name switch
                {
                    "defaults" when defaults == BatchEntry.Empty => (ReadEntry(ref reader, bytes), jobs),
                    "jobs" when jobs is null => (defaults, ReadJobs(ref reader, bytes)),
                    _ => throw Failure(reader, bytes, $"\"{name}\" is unknown here or comes twice; at the top are defaults and jobs"),
                };
            }
        }

        // What follows the end is an error of its own.
        reader.Read();
        return new BatchFile(defaults, jobs ?? []);
    }

    private static List<BatchEntry> ReadJobs(ref Utf8JsonReader reader, ReadOnlySpan<byte> bytes)
    {
        Require(reader, JsonTokenType.StartArray, bytes, $"a list of jobs");
        var jobs = new List<BatchEntry>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            jobs.Add(ReadEntry(ref reader, bytes));
        }

        return jobs;
    }

    private static BatchEntry ReadEntry(ref Utf8JsonReader reader, ReadOnlySpan<byte> bytes)
    {
        Require(reader, JsonTokenType.StartObject, bytes, $"an object with names and values");
        var line = Line(reader, bytes) + 1;
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            if (Value(ref reader, bytes, name) is { } value && !values.TryAdd(NamedOptions.Name(name), value))
            {
                throw Failure(reader, bytes, $"\"{name}\" comes twice");
            }
        }

        return new BatchEntry(line, values);
    }

    private static string? Value(ref Utf8JsonReader reader, ReadOnlySpan<byte> bytes, string name) =>
        reader.TokenType switch
        {
            JsonTokenType.Null => null,
            JsonTokenType.String => reader.GetString(),
            JsonTokenType.Number => Encoding.UTF8.GetString(reader.ValueSpan),
            JsonTokenType.True => "true",
            JsonTokenType.False => "false",
            _ => throw Failure(reader, bytes, $"a single value for {name} is expected here"),
        };

    private static void Require(Utf8JsonReader reader, JsonTokenType type, ReadOnlySpan<byte> bytes, FormattableString what)
    {
        if (reader.TokenType != type)
        {
            throw Failure(reader, bytes, $"{what} is expected here");
        }
    }

    private static BatchFileException Failure(Utf8JsonReader reader, ReadOnlySpan<byte> bytes, FormattableString reason) =>
        new(reason, Line(reader, bytes) + 1);

    /// <summary>The line of the token, from 0.</summary>
    private static int Line(Utf8JsonReader reader, ReadOnlySpan<byte> bytes) => bytes[..(int)reader.TokenStartIndex].Count((byte)'\n');
}
