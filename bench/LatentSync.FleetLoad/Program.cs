using System.Globalization;
using LatentSync.FleetLoad;
using LatentSync.FleetLoad.Simulation;

// bench/README.md has what this measures and how.
int Number(int index, int usual) => args.Length > index ? int.Parse(args[index], CultureInfo.InvariantCulture) : usual;
switch (args.FirstOrDefault())
{
    case "database":
        await new DatabaseLoad(Number(1, 10)).RunAsync();
        return 0;
    case "depth":
        await new QueueDepth(Number(1, 100_000)).RunAsync();
        return 0;
    case "broker":
        await new BrokerLoad(Number(1, 10)).RunAsync();
        return 0;
    case "storage":
        await new StorageLoad(Number(1, 10)).RunAsync();
        return 0;
    case "simulate":
        Plans.Run();
        return 0;
    case "replay":
        Plans.Replay(args[1]);
        return 0;
    default:
        await Console.Error.WriteLineAsync("Say database, depth, broker, storage [SECONDS or JOBS], simulate, or replay FILE.");
        return 2;
}
