using LatentSync.TestEngine;

// An engine without networks: it keeps to docs/worker-protocol.md and paints bytes instead of mouths, so that tests of the
// server can have thousands of jobs, and engines that crash, hang and lie.
await using var input = Console.OpenStandardInput();
await using var output = Console.OpenStandardOutput();
return await new Session(input, output, EngineArguments.Read(args)).RunAsync();
