using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace LatentSync.Server.Data.Sqlite;

/// <summary>For <c>dotnet ef migrations add</c>, which asks for the model and for no data.</summary>
internal sealed class ServerDatabaseFactory : IDesignTimeDbContextFactory<ServerDatabase>
{
    public ServerDatabase CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<ServerDatabase>();
        SqliteDatabase.Use(options, Path.GetTempPath());
        return new ServerDatabase(options.Options);
    }
}
