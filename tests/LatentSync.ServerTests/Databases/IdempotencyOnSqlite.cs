using LatentSync.ServerTests.Api;
using LatentSync.ServerTests.Support;

namespace LatentSync.ServerTests.Databases;

public sealed class IdempotencyOnSqlite(ServerFixture fixture) : IdempotencyTests(fixture), IClassFixture<ServerFixture>;
