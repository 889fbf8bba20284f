namespace LatentSync.EndToEndTests.Cli;

/// <summary>A running process; its command line's parts are divided by zero characters.</summary>
internal sealed record RunningProgram(int Id, int Parent, string CommandLine);
