using LatentSync.Benchmarks;

if (Arguments.Parse(args) is not { } arguments)
{
    Console.Error.WriteLine($"usage: LatentSync.Benchmarks VIDEO [FRAMES [FRAMES ...]] [{Arguments.ClipTimeOption} N]");
    Console.Error.WriteLine("Times every stage but the denoiser on a video with a face, then whole runs of so many frames (default 250 1000).");
    Console.Error.WriteLine(
        $"With {Arguments.ClipTimeOption} only whole runs, in which {PaintingGenerator.ClipFrames} frames take N milliseconds in place of the networks."
    );
    return 2;
}

if (arguments.IsRow)
{
    Console.WriteLine(await PipelineBenchmark.RowAsync(arguments.Video, arguments.Runs[0], arguments.ClipTime ?? TimeSpan.Zero));
    return 0;
}

Console.WriteLine(Machine.Describe());
Console.WriteLine();
if (arguments.ClipTime is null)
{
    await StageBenchmark.RunAsync(arguments.Video, frames: 200);
    Console.WriteLine();
    await FacesBenchmark.RunAsync(arguments.Video);
    Console.WriteLine();
}

PipelineBenchmark.Run(arguments.Video, arguments.Runs, arguments.ClipTime ?? TimeSpan.Zero);
return 0;
