using LatentSync.ServerTests.Api;
using LatentSync.ServerTests.Support;

namespace LatentSync.ServerTests.Databases;

public sealed class UploadOnPostgres(PostgresFixture fixture) : UploadTests(fixture), IClassFixture<PostgresFixture>;
