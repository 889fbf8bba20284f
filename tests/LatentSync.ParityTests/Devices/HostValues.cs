using System.Runtime.InteropServices;
using LatentSync.Backends.Cuda.Memory;
using LatentSync.Backends.Cuda.OnnxRuntime;
using LatentSync.Backends.Cuda.Runtime;
using LatentSync.Tensors;

namespace LatentSync.ParityTests.Devices;

/// <summary>Tensors to a device and back.</summary>
internal static class HostValues
{
    /// <summary>[images, channels, height, width] as [images, height, width, filled-up channels].</summary>
    public static OwnedDeviceTensor UploadMap(DeviceRuntime runtime, Tensor map, int channels)
    {
        var (images, from, height, width) = (map.Shape[0], map.Shape[1], map.Shape[2], map.Shape[3]);
        var values = new Tensor(images, height, width, channels);
        for (var i = 0; i < map.Length; i++)
        {
            var (image, channel, pixel) = (i / (from * height * width), i / (height * width) % from, i % (height * width));
            values.Span[(((image * height * width) + pixel) * channels) + channel] = map.Span[i];
        }

        return Upload(runtime, values);
    }

    /// <summary>The reverse; keeps the first channels.</summary>
    public static Tensor DownloadMap(DeviceRuntime runtime, DeviceTensor map, int channels)
    {
        var (images, height, width, from) = (map.Shape[0], map.Shape[1], map.Shape[2], map.Shape[3]);
        var result = new Tensor(images, channels, height, width);
        using var host = new PinnedBuffer(runtime.Device, map.Bytes);
        runtime.Device.Copy(host.Pointer, map.Pointer, map.Bytes, CopyDirection.ToHost, DeviceStream.Compute);
        runtime.Device.Synchronize();
        var values = host.Span<float>(0, checked((int)map.ElementCount));
        for (var i = 0; i < result.Length; i++)
        {
            var (image, channel, pixel) = (i / (channels * height * width), i / (height * width) % channels, i % (height * width));
            result.Span[i] = values[(((image * height * width) + pixel) * from) + channel];
        }

        return result;
    }

    /// <summary>Values as they are.</summary>
    public static OwnedDeviceTensor Upload(DeviceRuntime runtime, Tensor tensor) =>
        Upload(runtime, MemoryMarshal.AsBytes(tensor.Span), DeviceDataType.Float32, [.. tensor.Shape]);

    /// <summary>Bytes as they are.</summary>
    public static OwnedDeviceTensor Upload(DeviceRuntime runtime, ReadOnlySpan<byte> bytes, params int[] shape) =>
        Upload(runtime, bytes, DeviceDataType.UInt8, shape);

    private static OwnedDeviceTensor Upload(DeviceRuntime runtime, ReadOnlySpan<byte> bytes, DeviceDataType type, int[] shape)
    {
        var result = new OwnedDeviceTensor(runtime.Arena, type, shape);
        using var host = new PinnedBuffer(runtime.Device, result.Bytes);
        bytes.CopyTo(host.Span<byte>(0, bytes.Length));
        runtime.Device.Copy(result.Pointer, host.Pointer, result.Bytes, CopyDirection.ToDevice, DeviceStream.Compute);
        runtime.Device.Synchronize();
        return result;
    }
}
