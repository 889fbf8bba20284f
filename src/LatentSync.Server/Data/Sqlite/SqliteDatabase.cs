using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace LatentSync.Server.Data.Sqlite;

/// <summary>The embedded database: one file in the data folder.</summary>
internal static class SqliteDatabase
{
    /// <summary>Its name in the data folder.</summary>
    public const string FileName = "server.db";

    /// <summary>Lets a context use it.</summary>
    public static void Use(DbContextOptionsBuilder options, string dataFolder)
    {
        var connection = new SqliteConnectionStringBuilder { DataSource = Path.Combine(dataFolder, FileName), DefaultTimeout = 30 };
        options.UseSqlite(connection.ToString()).AddInterceptors(new SqliteDurability());
    }
}
