using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace LatentSync.Server.Data.Writing;

/// <summary>The INSERT of one kind of row, prepared once for a connection and run for each row. Tables, columns and conversions are the model's.</summary>
internal sealed class InsertStatement : IAsyncDisposable
{
    private readonly DbCommand _command;
    private readonly List<Func<object, object?>> _values = [];
    private readonly IProperty? _key;

    /// <summary>Puts the statement together.</summary>
    public InsertStatement(ServerDatabase database, IEntityType rows)
    {
        var sql = database.GetService<ISqlGenerationHelper>();
        _command = database.Database.GetDbConnection().CreateCommand();
        _key = rows.FindPrimaryKey()!.Properties.SingleOrDefault(property => property.ValueGenerated == ValueGenerated.OnAdd);
        var columns = new List<string>();
        foreach (var property in rows.GetProperties().Where(property => property != _key))
        {
            var (getter, converter) = (property.GetGetter(), property.GetTypeMapping().Converter);
            _values.Add(row => converter is null ? getter.GetClrValue(row) : converter.ConvertToProvider(getter.GetClrValue(row)));
            columns.Add(sql.DelimitIdentifier(property.GetColumnName()));
            var parameter = _command.CreateParameter();
            parameter.ParameterName = Invariant($"@p{_command.Parameters.Count}");
            _command.Parameters.Add(parameter);
        }

        var parameters = string.Join(", ", _command.Parameters.Cast<DbParameter>().Select(parameter => parameter.ParameterName));
        var returning = _key is null ? "" : $" RETURNING {sql.DelimitIdentifier(_key.GetColumnName())}";
        _command.CommandText = $"INSERT INTO {sql.DelimitIdentifier(rows.GetTableName()!)} ({string.Join(", ", columns)}) VALUES ({parameters}){returning}";
    }

    /// <summary>Adds the row of an entity within a transaction; a key that the database gives is the entity's afterwards.</summary>
    public async Task RunAsync(EntityEntry entry, DbTransaction transaction)
    {
        for (var i = 0; i < _values.Count; i++)
        {
            _command.Parameters[i].Value = _values[i](entry.Entity) ?? DBNull.Value;
        }

        _command.Transaction = transaction;
        var key = await _command.ExecuteScalarAsync();
        if (_key is not null)
        {
            entry.Property(_key).CurrentValue = key;
        }
    }

    public ValueTask DisposeAsync() => _command.DisposeAsync();
}
