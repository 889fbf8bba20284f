using System.Globalization;
using System.Security.Cryptography;
using GoldenSubset;
using LatentSync.TestKit.Packing;

if (args is not [var golden, var draws, var target])
{
    Console.Error.WriteLine("usage: GoldenSubset GOLDEN DRAWS.csv TARGET");
    return 2;
}

// Pictures of a person and what gives back a recording of a voice; of these there are excerpts.
string[] left =
[
    "align/frame0",
    "align/generated_resized",
    "e2e/in_",
    "e2e/out_",
    "e2e/composited_faces",
    "whisper_tiny/speech.wav",
    "whisper_tiny/log_mel_first",
];
string[] plain = [".md", ".yaml", ".json", ".csv", ".txt"];
const uint seed = 1;

var spans = File.ReadLines(draws)
    .Select(line => line.Split(','))
    .ToLookup(
        part => part[0],
        part => new DrawnSpan(
            int.Parse(part[1], CultureInfo.InvariantCulture),
            int.Parse(part[2], CultureInfo.InvariantCulture),
            (DrawnKind)byte.Parse(part[3], CultureInfo.InvariantCulture),
            long.Parse(part[4], CultureInfo.InvariantCulture),
            float.Parse(part[5], CultureInfo.InvariantCulture),
            float.Parse(part[6], CultureInfo.InvariantCulture)
        ),
        StringComparer.Ordinal
    );

List<string> sums = [];
foreach (var path in Directory.GetFiles(golden, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
{
    var name = Path.GetRelativePath(golden, path).Replace('\\', '/');
    if (left.Any(start => name.StartsWith(start, StringComparison.Ordinal)) && !Excerpts.IsHarmless(name))
    {
        continue;
    }

    var content = File.ReadAllBytes(path);
    var copy = Path.Combine(target, name);
    Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
    if (plain.Contains(Path.GetExtension(name)))
    {
        File.WriteAllBytes(copy, content);
    }
    else
    {
        File.WriteAllBytes(copy + ".packed", PackedFile.Pack(content, seed, spans[name]));
    }

    sums.Add($"{Convert.ToHexStringLower(SHA256.HashData(content))}  {name}");
}

foreach (var name in new Excerpts(golden, target).Write())
{
    var path = Path.Combine(target, name);
    var content = File.ReadAllBytes(path);
    if (Path.GetExtension(name) != ".png")
    {
        File.WriteAllBytes(path + ".packed", PackedFile.Pack(content, seed, []));
        File.Delete(path);
    }

    sums.Add($"{Convert.ToHexStringLower(SHA256.HashData(content))}  {name}");
}

File.WriteAllLines(Path.Combine(target, "SHA256SUMS"), sums.Order(StringComparer.Ordinal));
var bytes = Directory.GetFiles(target, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length);
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{sums.Count} files, {bytes / 1e6:f2} MB."));
return 0;
