using LatentSync.Server.Work.Calls;
using Microsoft.Extensions.Logging;

namespace LatentSync.Fleet.Broker;

/// <summary>Calls workers by the queue: each gets a call when it is free.</summary>
internal sealed class BrokerCaller(BrokerConnection broker, ILogger<BrokerCalls> logger, TimeProvider time) : IWorkCaller
{
    public IWorkCalls Open() => new BrokerCalls(broker, logger, time);
}
