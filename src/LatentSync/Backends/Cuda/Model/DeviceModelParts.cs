using LatentSync.Backends.Cuda.Memory;
using LatentSync.Checkpoints.Config;

namespace LatentSync.Backends.Cuda.Model;

/// <summary>The networks of a model that run on a device.</summary>
/// <param name="UNetConfig">The UNet's layout.</param>
/// <param name="UNetWeights">Its weights.</param>
/// <param name="VaeConfig">The VAE's layout.</param>
/// <param name="VaeWeights">Its weights.</param>
/// <param name="Resolution">Width and height of the faces.</param>
/// <param name="AudioTokens">Audio tokens of one frame.</param>
internal sealed record DeviceModelParts(
    UNetConfig UNetConfig,
    IWeightReader UNetWeights,
    VaeConfig VaeConfig,
    IWeightReader VaeWeights,
    int Resolution,
    int AudioTokens
);
