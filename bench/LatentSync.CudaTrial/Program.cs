using System.Diagnostics;
using LatentSync.CudaTrial;

// Runs the CUDA engine of our own on a card: see docs/decisions/0016-own-cuda-engine.md.
//   kernels            every operation against its twin on the CPU, in float32 and float16
//   golden             the golden networks against the reference, in float32 and float16
//   network [options]  the full-size networks with made-up weights: times, memory, and the error of float16 to float32
if (args.Length == 0 || args[0] is not ("kernels" or "golden" or "network"))
{
    Console.Error.WriteLine("Usage: LatentSync.CudaTrial kernels | golden | network [--no-float32] [--profile]");
    return 2;
}

var clock = Stopwatch.StartNew();
using var trial = new Trial();
var good = args[0] switch
{
    "kernels" => new KernelTrial(trial).Run(),
    "golden" => new GoldenTrial(trial).Run(),
    _ => new NetworkTrial(trial, args.Contains("--no-float32", StringComparer.Ordinal), args.Contains("--profile", StringComparer.Ordinal)).Run(),
};
Console.WriteLine(FormattableString.Invariant($"{args[0]}: {(good ? "good" : "BAD")}, {clock.Elapsed.TotalSeconds:F1} s"));
return good ? 0 : 1;
