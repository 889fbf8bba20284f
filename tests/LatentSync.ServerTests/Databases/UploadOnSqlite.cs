using LatentSync.ServerTests.Api;
using LatentSync.ServerTests.Support;

namespace LatentSync.ServerTests.Databases;

public sealed class UploadOnSqlite(ServerFixture fixture) : UploadTests(fixture), IClassFixture<ServerFixture>;
