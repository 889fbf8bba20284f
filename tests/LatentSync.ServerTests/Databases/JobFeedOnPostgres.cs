using LatentSync.ServerTests.Events;
using LatentSync.ServerTests.Support;

namespace LatentSync.ServerTests.Databases;

public sealed class JobFeedOnPostgres(PostgresFixture fixture) : JobFeedTests(fixture), IClassFixture<PostgresFixture>;
