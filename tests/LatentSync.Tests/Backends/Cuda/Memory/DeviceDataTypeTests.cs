using LatentSync.Backends;
using LatentSync.Backends.Cuda;
using LatentSync.Backends.Cuda.Memory;

namespace LatentSync.Tests.Backends.Cuda.Memory;

public class DeviceDataTypeTests
{
    [Theory]
    [InlineData(DevicePrecision.Float16, 2, true, "float16")]
    [InlineData(DevicePrecision.BFloat16, 2, true, "bfloat16")]
    [InlineData(DevicePrecision.Float32, 4, false, "float32")]
    public void EachPrecision_HasAType(DevicePrecision precision, int size, bool is16Bit, string name)
    {
        var type = precision.DataType();
        Assert.Equal(precision.ToString(), type.ToString());
        Assert.Equal((size, is16Bit, name), (type.Size(), type.Is16Bit(), precision.Name()));
    }

    [Fact]
    public void AnotherNumber_IsNoPrecision() => Assert.Throws<ArgumentOutOfRangeException>(() => ((DevicePrecision)3).DataType());

    [Fact]
    public void OldCard_IsToldWhatBFloat16Needs()
    {
        var error = Assert.Throws<LipSyncException>(() => DeviceDataType.BFloat16.RequireOn("A card", (7, 5)));
        Assert.Equal(LipSyncErrorCode.DeviceUnavailable, error.Code);
        Assert.Equal("A card has compute capability 7.5, but bfloat16 needs 8.0 or newer; use Precision = float16 or Precision = float32.", error.Message);
        DeviceDataType.BFloat16.RequireOn("A card", (8, 0));
        DeviceDataType.BFloat16.RequireOn("A card", (12, 0));
        DeviceDataType.Float16.RequireOn("A card", (7, 0));
        DeviceDataType.Float32.RequireOn("A card", (7, 0));
    }

    [Theory]
    [InlineData(DevicePrecision.Float16, "; try Precision = bfloat16 or Precision = float32; if that fails too, verify the checkpoint or download it again.")]
    [InlineData(DevicePrecision.BFloat16, "; the checkpoint is probably damaged: verify it or download it again.")]
    [InlineData(DevicePrecision.Float32, "; the checkpoint is probably damaged: verify it or download it again.")]
    public void OverflowingValues_LeadToALargerType(DevicePrecision precision, string advice)
    {
        var error = DeviceFaceGenerator.NotFinite(precision);
        Assert.Equal((LipSyncErrorCode.InferenceFailed, "The networks produced NaN or infinite values" + advice), (error.Code, error.Message));
    }
}
