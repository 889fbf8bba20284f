using System.Globalization;
using LatentSync.ServerLoad;

// bench/README.md has what this measures and how.
const int port = 8390;

var data = Path.Combine(Path.GetTempPath(), "latentsync-load-" + Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
var server = new LoadedServer(data, port);
try
{
    await server.StartAsync();
    int Number(int index, int usual) => args.Length > index ? int.Parse(args[index], CultureInfo.InvariantCulture) : usual;
    var isGood = args.FirstOrDefault() switch
    {
        "submit" => await new Submissions(server, Number(1, 10_000), Number(2, 50), Number(3, 0)).RunAsync(),
        "watch" => await new Watchers(server, Number(1, 1000), Number(2, 20)).RunAsync(),
        "work" => await new Work(server, Number(1, 60), Number(2, 4)).RunAsync(),
        "idle" => await Idle.RunAsync(server, Number(1, 60)),
        _ => throw new InvalidOperationException("Say submit [JOBS] [CLIENTS] [KILLS], watch [WATCHERS] [SLOW], work [MINUTES] [CLIENTS] or idle [SECONDS]."),
    };
    return isGood ? 0 : 1;
}
finally
{
    await server.DisposeAsync();
    Directory.Delete(data, recursive: true);
}
