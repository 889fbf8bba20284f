using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace LatentSync.Media;

/// <summary>Starts real programs.</summary>
internal sealed class ProcessLauncher : IProcessLauncher
{
    /// <inheritdoc/>
    public IChildProcess Start(string program, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(program)
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        // FFREPORT would make ffmpeg write log files into the current folder; colour codes would end up in messages.
        start.Environment.Remove("FFREPORT");
        start.Environment["AV_LOG_FORCE_NOCOLOR"] = "1";
        try
        {
            var process = Process.Start(start) ?? throw new Win32Exception();
            return new ChildProcess(process);
        }
        catch (Win32Exception exception)
        {
            throw new LipSyncException(
                LipSyncErrorCode.MissingDependency,
                $"\"{program}\" cannot be started ({exception.Message}); check that it is a program for this machine and may be run.",
                exception)
            {
                Path = program,
            };
        }
    }
}
