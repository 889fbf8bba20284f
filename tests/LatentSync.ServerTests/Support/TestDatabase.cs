namespace LatentSync.ServerTests.Support;

/// <summary>What a server of the tests keeps its rows in.</summary>
public enum TestDatabase
{
    Sqlite,

    Postgres,
}
