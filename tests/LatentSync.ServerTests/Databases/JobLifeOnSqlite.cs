using LatentSync.ServerTests.Jobs;
using LatentSync.ServerTests.Support;

namespace LatentSync.ServerTests.Databases;

public sealed class JobLifeOnSqlite(ServerFixture fixture) : JobLifeTests(fixture), IClassFixture<ServerFixture>;
