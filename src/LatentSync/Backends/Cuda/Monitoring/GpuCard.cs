namespace LatentSync.Backends.Cuda.Monitoring;

/// <summary>What does not change about a graphics card while the program runs.</summary>
/// <param name="Index">NVML's number of the card, in the order of PCI bus ids; CUDA's may differ.</param>
/// <param name="Name">The product name, such as "NVIDIA GeForce RTX 4070".</param>
/// <param name="PciBusId">Domain, bus, device and function, such as "00000000:01:00.0".</param>
/// <param name="DriverVersion">Version of the display driver, such as "580.65.06".</param>
/// <param name="CudaVersion">The newest CUDA the driver can run.</param>
internal sealed record GpuCard(int Index, string Name, string PciBusId, string DriverVersion, Version CudaVersion);
