using System.CommandLine;
using System.Text.Json.Nodes;
using LatentSync.Cli.Reporting;
using LatentSync.FrontEnd.Options;
using LatentSync.FrontEnd.Words;

namespace LatentSync.Cli.Commands;

/// <summary><c>latentsync jobs</c>: interrupted jobs.</summary>
internal sealed class JobsCommand : Command
{
    private const double BytesPerMegabyte = 1e6;

    private readonly Argument<string> _job = new("job") { Description = "The result that was not finished, or the job's folder." };
    private readonly Option<bool> _json = CommonOptions.Json();

    public JobsCommand()
        : base("jobs", "List or remove jobs that were stopped.")
    {
        var list = new Command("list", "List the jobs that can be resumed.") { _json };
        list.SetAction(List);
        var remove = new Command("remove", "Throw away what a job has kept.") { _job };
        remove.SetAction(Remove);
        Subcommands.Add(list);
        Subcommands.Add(remove);
    }

    private int List(ParseResult parsed)
    {
        var jobs = UnfinishedJobs.List();
        if (parsed.GetValue(_json))
        {
            foreach (var job in jobs)
            {
                JsonLines.Write(
                    new JsonObject
                    {
                        ["event"] = "job",
                        ["output"] = job.Output,
                        ["folder"] = job.Folder,
                        ["kept_seconds"] = job.Kept.TotalSeconds,
                        ["bytes"] = job.Bytes,
                    }
                );
            }

            return 0;
        }

        foreach (var job in jobs)
        {
            Console.Out.WriteLine(CommandWords.Say($"{job.Output}: {job.Kept:hh\\:mm\\:ss} finished, {job.Bytes / BytesPerMegabyte:0.0} MB"));
        }

        if (jobs.Count == 0)
        {
            Console.Out.WriteLine(CommandWords.Say($"No job was stopped."));
        }

        return 0;
    }

    private int Remove(ParseResult parsed)
    {
        UnfinishedJobs.Remove(parsed.GetRequiredValue(_job));
        return 0;
    }
}
