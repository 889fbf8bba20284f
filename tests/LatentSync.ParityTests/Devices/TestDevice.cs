using LatentSync.Backends.Cuda.Libraries;
using LatentSync.Backends.Cuda.Memory;
using LatentSync.Backends.Cuda.OnnxRuntime;

namespace LatentSync.ParityTests.Devices;

/// <summary>The device the tests run on: the computer's memory, or the first card if LATENTSYNC_TEST_DEVICE is cuda (float32, without TF32).</summary>
internal static class TestDevice
{
    private const long Capacity = 512L << 20;
    private const double CardLimit = 1e-3;

    private static bool IsCard => Environment.GetEnvironmentVariable("LATENTSYNC_TEST_DEVICE") == "cuda";

    /// <summary>Opens it.</summary>
    public static DeviceRuntime Open() =>
        IsCard
            ? DeviceRuntime.OpenCuda(0, new DeviceRuntimeOptions { ProviderPath = CudaLibraries.Find().Load(), Type = DeviceDataType.Float32 })
            : DeviceRuntime.OpenHost(Capacity);

    /// <summary>The limit for networks: that of the CPU, or 1e-3 on a card.</summary>
    public static double Limit(double onTheCpu) => IsCard ? Math.Max(CardLimit, onTheCpu) : onTheCpu;
}
