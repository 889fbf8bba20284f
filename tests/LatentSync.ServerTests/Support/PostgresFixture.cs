namespace LatentSync.ServerTests.Support;

/// <summary>The same server on PostgreSQL.</summary>
public sealed class PostgresFixture : ServerFixture
{
    protected override TestDatabase Database => TestDatabase.Postgres;
}
