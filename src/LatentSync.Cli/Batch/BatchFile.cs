using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.VisualBasic.FileIO;
using YamlDotNet.Core;

namespace LatentSync.Cli.Batch;

/// <summary>A file of jobs: YAML, JSON or CSV, told by its ending.</summary>
/// <param name="Defaults">Values for all jobs that do not set them.</param>
/// <param name="Jobs">The jobs in their order.</param>
internal sealed record BatchFile(BatchEntry Defaults, IReadOnlyList<BatchEntry> Jobs)
{
    /// <summary>More than anybody writes; the results of that many are held in memory.</summary>
    public const int MaximumJobs = 100_000;

    private const int MaximumBytes = 64 << 20;

    /// <summary>Reads a file.</summary>
    /// <exception cref="LipSyncException">InvalidInput: it is missing, too large, or not what its ending says; the sentence names the line.</exception>
    public static BatchFile Read(string path)
    {
        try
        {
            var text = ReadText(path);
            var file = Path.GetExtension(path).ToLowerInvariant() switch
            {
                ".yaml" or ".yml" => YamlJobs.Read(text),
                ".json" => JsonJobs.Read(text),
                ".csv" => CsvJobs.Read(text),
                _ => throw new BatchFileException($"its ending is none of .yaml, .yml, .json, .csv"),
            };
            return file.Jobs.Count switch
            {
                0 => throw new BatchFileException($"it has no job"),
                > MaximumJobs => throw new BatchFileException($"it has more than {MaximumJobs} jobs"),
                _ => file,
            };
        }
        catch (Exception error) when (IsOfTheFile(error))
        {
            throw new LipSyncException(
                LipSyncErrorCode.InvalidInput,
                $"The jobs in \"{path}\" cannot be read: {Reason(error)}; correct the file (docs/batch.md shows what it looks like).",
                error
            )
            {
                Path = path,
            };
        }
    }

    private static string ReadText(string path)
    {
        if (UserFile.Mistake(path) is { } mistake)
        {
            throw new LipSyncException(LipSyncErrorCode.InvalidInput, mistake) { Path = path };
        }

        return UserFile.Length(path) <= MaximumBytes
            ? Decode(File.ReadAllBytes(path))
            : throw new BatchFileException($"it is larger than {MaximumBytes >> 20} MiB");
    }

    /// <summary>The text of a file, which has to be UTF-8 and may begin with the mark that says so.</summary>
    private static string Decode(ReadOnlySpan<byte> bytes)
    {
        var text = bytes.StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes;
        return Utf8.IsValid(text) && !text.Contains((byte)0)
            ? Encoding.UTF8.GetString(text)
            : throw new BatchFileException($"it is not UTF-8; save it as UTF-8 (in Excel: CSV UTF-8)", LineOfDamage(text));
    }

    private static int LineOfDamage(ReadOnlySpan<byte> text)
    {
        var line = 1;
        for (int end; (end = text.IndexOf((byte)'\n')) >= 0 && Utf8.IsValid(text[..end]) && !text[..end].Contains((byte)0); text = text[(end + 1)..])
        {
            line++;
        }

        return line;
    }

    /// <summary>The parsers of YAML and CSV have no one exception for what they do not read.</summary>
    private static bool IsOfTheFile(Exception error) =>
        error
            is IOException
                or UnauthorizedAccessException
                or BatchFileException
                or YamlException
                or JsonException
                or MalformedLineException
                or ArgumentException
                or InvalidOperationException
                or FormatException;

    private static FormattableString Reason(Exception error) =>
        error switch
        {
            BatchFileException own => own.Reason,
            YamlException yaml => $"line {yaml.Start.Line}: {yaml.Message.TrimEnd('.')}",
            JsonException { LineNumber: { } line } json => $"line {line + 1}: {json.Message.Split(" LineNumber:")[0].TrimEnd('.')}",
            MalformedLineException csv => $"line {csv.LineNumber}: a quote is not closed, or is followed by something else than a delimiter",
            _ => $"{error.Message.TrimEnd('.')}",
        };
}
