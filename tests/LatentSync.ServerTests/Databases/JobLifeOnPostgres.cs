using LatentSync.ServerTests.Jobs;
using LatentSync.ServerTests.Support;

namespace LatentSync.ServerTests.Databases;

public sealed class JobLifeOnPostgres(PostgresFixture fixture) : JobLifeTests(fixture), IClassFixture<PostgresFixture>;
