using System.CommandLine;

namespace LatentSync.Cli.Commands.Gpu;

/// <summary><c>latentsync gpu</c>: what NVIDIA cards need beside the driver.</summary>
internal sealed class GpuCommand : Command
{
    public GpuCommand()
        : base("gpu", "Install what NVIDIA cards need.") => Subcommands.Add(new GpuInstallCommand());
}
