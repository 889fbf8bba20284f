using LatentSync.Cli;

return await CommandLine.RunAsync(args);
