using System.Diagnostics;
using System.Globalization;
using CsCheck;

namespace LatentSync.FuzzTests;

/// <summary>
/// Shows one parser many hostile inputs. Each case has to end within a bounded time and a bounded allocation, with a result
/// or one of the errors that the parser's documentation names. CsCheck makes the inputs and reduces one that fails.
/// </summary>
internal static class Campaign
{
    /// <summary>Sets the number of cases for each parser; the documented long run has 10000.</summary>
    public const string CasesVariable = "LATENTSYNC_FUZZ_CASES";

    private const int ShortRun = 250;
    private const long MostAllocated = 64L << 20;

    // Far more than any case takes, so that other work on the machine is not taken for a hang.
    private static readonly TimeSpan LongestCase = TimeSpan.FromMinutes(1);

    /// <summary>Cases of this run.</summary>
    public static int Cases { get; } =
        int.TryParse(Environment.GetEnvironmentVariable(CasesVariable), NumberStyles.None, CultureInfo.InvariantCulture, out var cases) ? cases : ShortRun;

    /// <summary>Runs the cases.</summary>
    /// <param name="parser">What is attacked, for the table.</param>
    /// <param name="inputs">The inputs.</param>
    /// <param name="parse">Reads one; throws what it throws.</param>
    /// <param name="isDocumented">Whether an error is one that the parser may end with.</param>
    public static void Run(string parser, Gen<byte[]> inputs, Action<byte[]> parse, Func<Exception, bool> isDocumented)
    {
        var current = new CurrentCase();
        var row = new CampaignRow(parser);
        var thread = new Thread(() =>
            current.Error = Record.Exception(() =>
                inputs.Sample(bytes => Try(bytes, parse, isDocumented, row, current), iter: Cases, threads: 1, print: Describe)
            )
        )
        {
            IsBackground = true,
        };
        var clock = Stopwatch.StartNew();
        thread.Start();
        while (!thread.Join(TimeSpan.FromSeconds(1)))
        {
            if (current.Elapsed > LongestCase)
            {
                Assert.Fail(Invariant($"{parser} has not come back from an input after {LongestCase.TotalSeconds} s: {Describe(current.Bytes)}"));
            }
        }

        HostileInputTable.Add(row with { Time = clock.Elapsed });
        Assert.True(current.Error is null, $"{parser}: {current.Error?.Message}");
        Assert.True(row.Refused > 0, $"{parser} refused nothing: the inputs are not hostile.");
    }

    private static void Try(byte[] bytes, Action<byte[]> parse, Func<Exception, bool> isDocumented, CampaignRow row, CurrentCase current)
    {
        current.Begin(bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            parse(bytes);
            row.Count(isRefused: false);
        }
        catch (Exception error) when (isDocumented(error))
        {
            row.Count(isRefused: true);
        }

        var (allocated, time) = (GC.GetAllocatedBytesForCurrentThread() - before, current.End());
        row.Measure(allocated, time);
        Assert.True(allocated <= MostAllocated, Invariant($"{allocated >> 20} MiB were allocated for {bytes.Length} bytes."));
    }

    /// <summary>The input as it can be pasted into a test; a long one is written to a file.</summary>
    private static string Describe(byte[] bytes)
    {
        const int shortest = 2000;
        if (bytes.Length <= shortest)
        {
            return $"Convert.FromBase64String(\"{Convert.ToBase64String(bytes)}\")";
        }

        var path = Path.Combine(HostileInputTable.Folder, Invariant($"input-{Guid.NewGuid():N}.bin"));
        Directory.CreateDirectory(HostileInputTable.Folder);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    /// <summary>The case that runs, watched by another thread.</summary>
    private sealed class CurrentCase
    {
        private long _start;

        public byte[] Bytes { get; private set; } = [];

        public Exception? Error { get; set; }

        /// <summary>How long it has been running; zero between cases.</summary>
        public TimeSpan Elapsed => Volatile.Read(ref _start) is var start and > 0 ? Stopwatch.GetElapsedTime(start) : TimeSpan.Zero;

        public void Begin(byte[] bytes)
        {
            Bytes = bytes;
            Volatile.Write(ref _start, Stopwatch.GetTimestamp());
        }

        public TimeSpan End()
        {
            var elapsed = Elapsed;
            Volatile.Write(ref _start, 0);
            return elapsed;
        }
    }
}
