using System.Text.Json.Nodes;
using LatentSync.Server.Engines;

namespace LatentSync.Tests.Server;

public class EngineMemoryTests
{
    private readonly EngineMemory _memory = new(TimeProvider.System);

    [Fact]
    public void WithoutACard_TheProcessIsLookedAt_AtMostEveryTwoSeconds()
    {
        _memory.Look(Environment.ProcessId);
        Assert.InRange(_memory.ProcessBytes!.Value, 1L << 20, 1L << 40);
        _memory.Look(Environment.ProcessId);
        Assert.Single(_memory.History);
        _memory.Look(processId: null);
        Assert.Null(_memory.ProcessBytes);
    }

    [Fact]
    public void ACard_TakesThePlaceOfTheProcess()
    {
        _memory.Look(Environment.ProcessId);
        _memory.Hear(Said("Card A", used: 5, process: 3));
        _memory.Look(Environment.ProcessId);
        var point = Assert.Single(_memory.History);
        Assert.Equal((5L, 3L), (point.UsedBytes, point.ProcessBytes));
        Assert.Null(_memory.ProcessBytes);
        Assert.Equal(("Card A", 20L, 15L), (_memory.Card!.Device, _memory.Card.TotalBytes, _memory.Card.FreeBytes));
    }

    [Fact]
    public void AnotherCard_BeginsAnew()
    {
        _memory.Hear(Said("Card A", used: 5, process: null));
        _memory.Hear(Said("Card B", used: 7, process: null));
        var point = Assert.Single(_memory.History);
        Assert.Equal((7L, null), (point.UsedBytes, point.ProcessBytes));
    }

    // As it comes off the pipe.
    private static JsonObject Said(string device, long used, long? process) =>
        (JsonObject)
            JsonNode.Parse(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $$"""
                    {
                      "event": "memory", "device": "{{device}}", "total_bytes": 20, "used_bytes": {{used}}, "free_bytes": {{20 - used}},
                      "process_bytes": {{process?.ToString(CultureInfo.InvariantCulture) ?? "null"}}, "utilization": null, "temperature": 61
                    }
                    """
                )
            )!;
}
