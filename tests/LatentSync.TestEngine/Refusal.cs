namespace LatentSync.TestEngine;

/// <summary>A job that fails with an error of the protocol.</summary>
internal sealed class Refusal(string kind, string message) : Exception(message)
{
    public string Kind => kind;
}
