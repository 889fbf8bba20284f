using LatentSync.Server.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace LatentSync.Fleet.Postgres;

/// <summary>For <c>dotnet ef migrations add</c>, which asks for the model and for no database.</summary>
internal sealed class PostgresDatabaseFactory : IDesignTimeDbContextFactory<ServerDatabase>
{
    public ServerDatabase CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<ServerDatabase>();
        PostgresProvider.Use(options, "Host=localhost;Database=latentsync", isRetried: false);
        return new ServerDatabase(options.Options);
    }
}
