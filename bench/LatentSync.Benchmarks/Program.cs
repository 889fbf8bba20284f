using LatentSync.Benchmarks;
using LatentSync.Pipeline.Stages;

if (args is [PasteBenchmark.Option, var source, var result, ..] && args.Length <= 4)
{
    await PasteBenchmark.RunAsync(source, result, args.Length > 3 ? args[3] : null);
    return 0;
}

if (args is [LipsBenchmark.Option, var opening, _, ..])
{
    await LipsBenchmark.RunAsync(opening, args[2..]);
    return 0;
}

if (Arguments.Parse(args) is not { } arguments)
{
    Console.Error.WriteLine($"usage: LatentSync.Benchmarks VIDEO [FRAMES [FRAMES ...]] [{Arguments.ClipTimeOption} N] [{Arguments.AtOnceOption} N]");
    Console.Error.WriteLine("Times every stage but the denoiser on a video with a face, then whole runs of so many frames (default 250 1000).");
    Console.Error.WriteLine(
        $"With {Arguments.ClipTimeOption} only whole runs, in which {PaintingGenerator.ClipFrames} frames take N milliseconds in place of the networks."
    );
    Console.Error.WriteLine($"{Arguments.AtOnceOption}: on how many frames whole runs look for faces at once; by default as beside a card.");
    Console.Error.WriteLine($"or: LatentSync.Benchmarks {PasteBenchmark.Option} SOURCE RESULT [TRUTH]");
    Console.Error.WriteLine("Compares what was painted in RESULT with SOURCE, and with a video of the same head that says the same.");
    Console.Error.WriteLine($"or: LatentSync.Benchmarks {LipsBenchmark.Option} OPENING RESULT [RESULT ...]");
    Console.Error.WriteLine("Correlates the lips with how far they should be open, a line of OPENING for each frame.");
    return 2;
}

var atOnce = arguments.FramesAtOnce ?? FaceFinder.ChooseFramesAtOnce(onCard: true, Environment.ProcessorCount);
if (arguments.IsRow)
{
    Console.WriteLine(await PipelineBenchmark.RowAsync(arguments.Video, arguments.Runs[0], arguments.ClipTime ?? TimeSpan.Zero, atOnce));
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

PipelineBenchmark.Run(arguments.Video, arguments.Runs, arguments.ClipTime ?? TimeSpan.Zero, atOnce);
return 0;
