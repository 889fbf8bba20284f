using LatentSync.ServerTests.Api;
using LatentSync.ServerTests.Support;

namespace LatentSync.ServerTests.Databases;

public sealed class IdempotencyOnPostgres(PostgresFixture fixture) : IdempotencyTests(fixture), IClassFixture<PostgresFixture>;
