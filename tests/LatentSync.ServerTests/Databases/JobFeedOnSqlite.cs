using LatentSync.ServerTests.Events;
using LatentSync.ServerTests.Support;

namespace LatentSync.ServerTests.Databases;

public sealed class JobFeedOnSqlite(ServerFixture fixture) : JobFeedTests(fixture), IClassFixture<ServerFixture>;
