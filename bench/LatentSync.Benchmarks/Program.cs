using System.Globalization;
using LatentSync.Benchmarks;

const string ClipTimeOption = "--clip-ms";
var option = Array.IndexOf(args, ClipTimeOption);
var clipTime = option < 0 ? 0 : option + 1 < args.Length && int.TryParse(args[option + 1], CultureInfo.InvariantCulture, out var given) && given >= 0 ? given : -1;
var rest = args.Where((_, i) => option < 0 || (i != option && i != option + 1)).ToArray();
if (clipTime < 0 || rest is not [var video, .. var counts])
{
    Console.Error.WriteLine("usage: LatentSync.Benchmarks VIDEO [FRAMES [FRAMES ...]] [--clip-ms N]");
    Console.Error.WriteLine("Times every stage but the denoiser on a video with a face, then whole runs of so many frames (default 250 1000).");
    Console.Error.WriteLine($"With {ClipTimeOption} only whole runs, in which {PaintingGenerator.ClipFrames} frames take N milliseconds in place of the networks.");
    return 2;
}

int[] runs = counts.Length > 0 ? [.. counts.Select(text => int.Parse(text, CultureInfo.InvariantCulture))] : [250, 1000];
Console.WriteLine(Machine.Describe());
Console.WriteLine();
if (option < 0)
{
    await StageBenchmark.RunAsync(video, frames: 200);
    Console.WriteLine();
}

await PipelineBenchmark.RunAsync(video, runs, TimeSpan.FromMilliseconds(clipTime));
return 0;
