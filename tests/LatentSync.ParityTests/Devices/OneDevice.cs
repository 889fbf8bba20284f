namespace LatentSync.ParityTests.Devices;

/// <summary>ONNX Runtime takes one arena for a kind of memory, so tests that open a device run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class OneDevice
{
    public const string Name = "one device";
}
