using LatentSync.Cli;

StandardStreams.Require();
return await CommandLine.RunAsync(args);
