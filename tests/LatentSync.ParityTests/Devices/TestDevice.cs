using LatentSync.Backends.Cuda.Execution;
using LatentSync.Backends.Cuda.Launching;
using LatentSync.Backends.Cuda.Memory;
using LatentSync.Backends.Cuda.Runtime;
using LatentSync.Ownership;
using LatentSync.TestKit.Launching;

namespace LatentSync.ParityTests.Devices;

/// <summary>
/// What launch lists are tested on: their slow twin on the CPU, or the first card if LATENTSYNC_TEST_DEVICE is cuda. float32 is
/// without TF32 there; in 16-bit types the twin rounds what it stores.
/// </summary>
internal sealed class TestDevice : IDisposable
{
    private const double CardLimit = 1e-3;

    private readonly OwnedResources _owned = new();

    /// <summary>Opens it.</summary>
    public TestDevice(IWeightReader weights, DeviceDataType type = DeviceDataType.Float32) =>
        Player = IsCard ? OpenCard(weights, type) : new ReferencePlayer(weights) { Traits = new DeviceTraits(type) };

    /// <summary>Whether there is a card.</summary>
    public static bool IsCard => Environment.GetEnvironmentVariable("LATENTSYNC_TEST_DEVICE") == "cuda";

    /// <summary>Plays the lists.</summary>
    public ILaunchPlayer Player { get; }

    /// <summary>The limit for networks: that of the CPU, or 1e-3 on a card.</summary>
    public static double Limit(double onTheCpu) => IsCard ? Math.Max(CardLimit, onTheCpu) : onTheCpu;

    /// <inheritdoc/>
    public void Dispose() => _owned.Dispose();

    private CudaPlayer OpenCard(IWeightReader weights, DeviceDataType type)
    {
        var cache = Path.Combine(Path.GetTempPath(), "latentsync-test-cuda-cache");
        return _owned.Add(new CudaPlayer(_owned.Add(new CudaDevice(0)), weights, type, usesHopper: true, cache));
    }
}
