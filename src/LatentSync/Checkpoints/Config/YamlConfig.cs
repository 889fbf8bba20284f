using System.Text;
using LatentSync.Checkpoints.Tensors;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace LatentSync.Checkpoints.Config;

/// <summary>
/// Reads the YAML of the public configurations: mappings, sequences and single values of the core schema. Aliases are
/// refused, so a small file cannot stand for a large one, and depth is bounded.
/// </summary>
internal sealed class YamlConfig
{
    private const int MaxDepth = 16;

    private readonly string _path;
    private readonly IParser _parser;

    private YamlConfig(string path, IParser parser) => (_path, _parser) = (path, parser);

    /// <summary>Reads the top mapping of a file.</summary>
    /// <exception cref="LipSyncException">The file is missing, too large, too deep, no YAML, or no mapping.</exception>
    public static ConfigSection Read(string path)
    {
        using var text = new StringReader(Encoding.UTF8.GetString(ConfigFile.ReadBytes(path)));
        try
        {
            var parser = new Parser(text);
            parser.Consume<StreamStart>();
            parser.Consume<DocumentStart>();
            return new YamlConfig(path, parser).ReadNode(MaxDepth) is Dictionary<string, object?> top
                ? new ConfigSection(path, "", top)
                : throw ConfigFile.Malformed(path, "YAML with a mapping at the top");
        }
        catch (Exception error) when (error is YamlException or ArgumentException or InvalidOperationException or FormatException)
        {
            throw ConfigFile.Malformed(path, "YAML", error);
        }
    }

    private object? ReadNode(int depth)
    {
        if (depth == 0)
        {
            throw ConfigFile.Malformed(_path, "YAML of a sane depth");
        }

        if (_parser.TryConsume<Scalar>(out var scalar))
        {
            return scalar.Style == ScalarStyle.Plain ? Resolve(scalar.Value) : scalar.Value;
        }

        if (_parser.TryConsume<SequenceStart>(out _))
        {
            var items = new List<object?>();
            while (!_parser.TryConsume<SequenceEnd>(out _))
            {
                items.Add(ReadNode(depth - 1));
            }

            return items;
        }

        return _parser.TryConsume<MappingStart>(out _) ? ReadMapping(depth) : throw ConfigFile.Malformed(_path, "YAML without aliases");
    }

    private Dictionary<string, object?> ReadMapping(int depth)
    {
        var entries = new Dictionary<string, object?>(StringComparer.Ordinal);
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var key = _parser.Consume<Scalar>().Value;
            if (!entries.TryAdd(key, ReadNode(depth - 1)))
            {
                throw ModelErrors.Create(_path, $"The configuration \"{_path}\" sets {ModelErrors.Printable(key)} twice; keep one of them.");
            }
        }

        return entries;
    }

    private static object? Resolve(string text) =>
        text switch
        {
            "" or "~" or "null" => null,
            "true" or "True" => true,
            "false" or "False" => false,
            _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer) => integer,
            _ when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
            _ => text,
        };
}
