using LatentSync.Backends.Cuda.Launching;
using LatentSync.Backends.Cuda.Launching.Lists;
using LatentSync.Backends.Cuda.Memory;
using LatentSync.Checkpoints.Config;

namespace LatentSync.Tests.Backends.Cuda.Launching;

public class ScratchLayoutTests
{
    private static readonly LaunchList Step = new UNetLaunchLists(
        UNetConfig.Public(384),
        DeviceDataType.Float16,
        new LaunchShape(16, 1, IsGuided: true),
        64,
        50
    ).Full;

    /// <summary>Two buffers share memory only if one is dead before the other is born, or takes its place in one operation.</summary>
    [Fact]
    public void LivingBuffers_DoNotOverlap()
    {
        var layout = new ScratchLayout(Step);
        var last = new Dictionary<LaunchBuffer, int>();
        for (var step = 0; step < Step.Operations.Count; step++)
        {
            foreach (var buffer in Touched(step))
            {
                last[buffer] = step;
            }
        }

        var alive = new List<LaunchBuffer>();
        for (var step = 0; step < Step.Operations.Count; step++)
        {
            foreach (var born in Touched(step).Where(buffer => !alive.Contains(buffer)))
            {
                var inPlace = Step.Operations[step].InPlace is { } pair && pair.Written == born ? pair.Read : null;
                foreach (var other in alive.Where(other => other != inPlace))
                {
                    Assert.False(
                        layout[born] < layout[other] + other.Bytes && layout[other] < layout[born] + born.Bytes,
                        FormattableString.Invariant($"{born} lies on {other} at step {step}.")
                    );
                }

                alive.Add(born);
            }

            alive.RemoveAll(buffer => last[buffer] == step);
        }

        IEnumerable<LaunchBuffer> Touched(int step) =>
            Step.Operations[step].Reads.Concat(Step.Operations[step].Writes).Where(buffer => buffer.Kind == LaunchBufferKind.Scratch).Distinct();
    }

    /// <summary>The public network's full step at 512 px, 16 frames, guidance: measured on an H200.</summary>
    [Fact]
    public void FullStep_FitsInWhatIsAliveAtOnce()
    {
        var layout = new ScratchLayout(Step);
        Assert.InRange(layout.Bytes, layout.LiveBytes, layout.LiveBytes + (layout.LiveBytes / 20));
        Assert.InRange(layout.Bytes >> 20, 0, 1300);
    }

    [Fact]
    public void EveryBuffer_IsWrittenBeforeItIsRead()
    {
        var written = new HashSet<LaunchBuffer>();
        foreach (var operation in Step.Operations)
        {
            Assert.All(operation.Reads.Where(buffer => buffer.Kind == LaunchBufferKind.Scratch && !operation.Writes.Contains(buffer)), buffer =>
                Assert.Contains(buffer, written)
            );
            written.UnionWith(operation.Writes);
        }
    }
}
