using LatentSync.TestEngine;

// An engine without networks: it keeps to docs/worker-protocol.md and paints bytes instead of mouths, so that tests of the
// server can have thousands of jobs, and engines that crash, hang and lie.
return await new Session(Console.OpenStandardInput(), Console.OpenStandardOutput()).RunAsync();
