using System.CommandLine;
using System.Text.Json.Nodes;
using LatentSync.Cli.Reporting;
using LatentSync.FrontEnd.Options;
using LatentSync.FrontEnd.Words;

namespace LatentSync.Cli.Commands.Gpu;

/// <summary><c>latentsync gpu install</c>: says what it would fetch, asks, fetches, checks, and says what it took.</summary>
internal sealed class GpuInstallCommand : Command
{
    private const double Megabyte = 1e6;

    private readonly Option<bool> _yes = new("--yes", "-y") { Description = "Do not ask." };
    private readonly Option<string?> _source = new("--source")
    {
        Description = "Address of a NuGet feed, or a folder with the package (default: the sources of your NuGet settings).",
        HelpName = "feed",
    };

    private readonly Option<bool> _json = CommonOptions.Json();

    public GpuInstallCommand()
        : base("install", "Fetch ONNX Runtime's CUDA provider from NuGet into your data folder.")
    {
        Options.Add(_yes);
        Options.Add(_source);
        Options.Add(_json);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var json = parsed.GetValue(_json);
        var provider = CudaProvider.ForThisSystem
            ?? throw new LipSyncException(
                LipSyncErrorCode.DeviceUnavailable,
                $"There is a CUDA provider for Linux and Windows on x64 only; this computer uses the CPU."
            );
        if (await provider.VerifyAsync(cancellationToken))
        {
            Report(provider, [], json, $"The CUDA provider {CudaProvider.Version} is installed already, in \"{provider.Folder}\".");
            return 0;
        }

        if (!parsed.GetValue(_yes) && !Agrees(provider, json))
        {
            Console.Error.WriteLine(CommandWords.Say($"Nothing was fetched."));
            return 0;
        }

        var source = new PackageSourceList(parsed.GetValue(_source));
        var files = await ModelProgressView.RunAsync(json, progress =>
            provider.InstallAsync(
                (package, cancel) => source.DownloadAsync(provider.PackageId, CudaProvider.Version, package, cancel),
                progress,
                cancellationToken
            )
        );
        var (version, size) = (CudaProvider.Version, provider.Length / Megabyte);
        Report(
            provider,
            files,
            json,
            $"Installed the CUDA provider {version} ({size:0} MB, SHA-256 as expected) in \"{provider.Folder}\"; latentsync doctor says what else is needed."
        );
        return 0;
    }

    /// <summary>Asks at a terminal; elsewhere nobody can answer.</summary>
    private static bool Agrees(CudaProvider provider, bool json)
    {
        if (json || Console.IsInputRedirected || Console.IsErrorRedirected)
        {
            throw new LipSyncException(
                LipSyncErrorCode.InvalidOptions,
                $"This fetches {provider.PackageId} {CudaProvider.Version} from NuGet ({provider.PackageLength / Megabyte:0} MB); add --yes to agree."
            );
        }

        var (package, download) = ($"{provider.PackageId} {CudaProvider.Version}", provider.PackageLength / Megabyte);
        Console.Error.Write(
            CommandWords.Say($"This fetches ONNX Runtime's CUDA provider (Microsoft, MIT licence) from NuGet: {package}, {download:0} MB,")
                + Environment.NewLine
                + CommandWords.Say($"into \"{provider.Folder}\", where it takes {provider.Length / Megabyte:0} MB. Continue? [y/N]")
                + " "
        );
        return Console.In.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }

    private static void Report(CudaProvider provider, IReadOnlyList<string> files, bool json, FormattableString sentence)
    {
        if (!json)
        {
            Console.Out.WriteLine(CommandWords.Say(sentence));
            return;
        }

        JsonLines.Write(
            new JsonObject
            {
                ["event"] = "installed",
                ["package"] = provider.PackageId,
                ["version"] = CudaProvider.Version,
                ["folder"] = provider.Folder,
                ["files"] = new JsonArray([.. files.Select(file => JsonValue.Create(file))]),
                ["sha256"] = provider.Sha256,
                ["changed"] = files.Count > 0,
            }
        );
    }
}
