using LatentSync.Benchmarks;

if (args is not [var video, ..])
{
    Console.Error.WriteLine("usage: LatentSync.Benchmarks VIDEO [FRAMES [FRAMES ...]]");
    Console.Error.WriteLine("Times every stage but the denoiser on a video with a face, then whole runs of so many frames (default 250 1000).");
    return 2;
}

int[] runs = args.Length > 1 ? [.. args[1..].Select(text => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture))] : [250, 1000];
Console.WriteLine(Machine.Describe());
Console.WriteLine();
await StageBenchmark.RunAsync(video, frames: 200);
Console.WriteLine();
await PipelineBenchmark.RunAsync(video, runs);
return 0;
