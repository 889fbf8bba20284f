using System.Globalization;
using LatentSync.Checkpoints;
using LatentSync.NetworkBenchmark;

if (args.Length < 2 || !int.TryParse(args[0], CultureInfo.InvariantCulture, out var rounds))
{
    Console.Error.WriteLine("usage: LatentSync.NetworkBenchmark ROUNDS MODELS ... [--profile FOLDER]");
    Console.Error.WriteLine("Times the networks of model folders on the CPU, in turns: wall clock and processor time per frame, as medians.");
    return 2;
}

var at = Array.IndexOf(args, "--profile");
var profile = at < 0 ? null : args[at + 1];
var folders = args[1..(at < 0 ? args.Length : at)];
var models = folders.Select(folder => new ModelNetworks(ModelFolder.Open(folder), profile)).ToList();
for (var round = 0; round <= rounds; round++)
{
    foreach (var model in models)
    {
        foreach (var network in model.Networks)
        {
            network.Run(keep: round > 0);
        }
    }
}

Console.WriteLine("| model | network | ms a frame | processor, ms a frame |");
Console.WriteLine("|---|---|---:|---:|");
foreach (var (folder, model) in folders.Zip(models))
{
    foreach (var network in model.Networks)
    {
        var scale = 1000.0 / network.Frames;
        Console.WriteLine(Invariant($"| {Path.GetFileName(folder)} | {network.Title} | {network.Wall * scale:F2} | {network.Processor * scale:F2} |"));
    }

    model.Dispose();
}

return 0;
