using System.Text.Json.Serialization;

namespace LatentSync.Backends.Cuda.Execution;

/// <summary>How the file of plans is written and read: by generated code, which trimming and ahead-of-time compilation leave alone.</summary>
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class PlanJson : JsonSerializerContext;
