using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace LatentSync.Fleet.Postgres.Migrations
{
    /// <inheritdoc />
    public partial class Scheduling : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(name: "IX_Work_State_Rank_JobCreatedAt_Id", table: "Work");

            migrationBuilder.AddColumn<bool>(name: "HasStopped", table: "Workers", type: "boolean", nullable: false, defaultValue: false);

            migrationBuilder.AddColumn<bool>(name: "IsDraining", table: "Workers", type: "boolean", nullable: false, defaultValue: false);

            migrationBuilder.AddColumn<string>(name: "Models", table: "Workers", type: "text", nullable: false, defaultValue: "");

            migrationBuilder.AddColumn<string>(name: "ResultVersion", table: "Workers", type: "text", nullable: true);

            migrationBuilder.AddColumn<string>(name: "Model", table: "Work", type: "text", nullable: true);

            migrationBuilder.AddColumn<string>(name: "Owner", table: "Work", type: "text", nullable: false, defaultValue: "");

            migrationBuilder.AddColumn<long>(name: "Place", table: "Work", type: "bigint", nullable: false, defaultValue: 0L);

            migrationBuilder.AddColumn<long>(name: "RaceOf", table: "Work", type: "bigint", nullable: true);

            migrationBuilder.AddColumn<double>(name: "Seconds", table: "Work", type: "double precision", nullable: true);

            migrationBuilder.AddColumn<long>(name: "TakenAt", table: "Work", type: "bigint", nullable: true);

            migrationBuilder.AddColumn<string>(name: "Version", table: "Work", type: "text", nullable: true);

            migrationBuilder.AddColumn<string>(name: "Model", table: "Jobs", type: "text", nullable: true);

            migrationBuilder.AddColumn<long>(name: "Number", table: "Jobs", type: "bigint", nullable: false, defaultValue: 0L);

            migrationBuilder.AddColumn<string>(name: "Version", table: "Jobs", type: "text", nullable: true);

            // Work that waits belongs to the owner of its job, and comes in the order in which it came.
            migrationBuilder.Sql("UPDATE \"Work\" SET \"Owner\" = (SELECT \"Owner\" FROM \"Jobs\" WHERE \"Jobs\".\"Id\" = \"Work\".\"JobId\")");

            migrationBuilder.CreateIndex(name: "IX_Work_Owner_TakenAt", table: "Work", columns: new[] { "Owner", "TakenAt" });

            migrationBuilder.CreateIndex(name: "IX_Work_State_Rank_Owner_Place_Id", table: "Work", columns: new[] { "State", "Rank", "Owner", "Place", "Id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(name: "IX_Work_Owner_TakenAt", table: "Work");

            migrationBuilder.DropIndex(name: "IX_Work_State_Rank_Owner_Place_Id", table: "Work");

            migrationBuilder.DropColumn(name: "HasStopped", table: "Workers");

            migrationBuilder.DropColumn(name: "IsDraining", table: "Workers");

            migrationBuilder.DropColumn(name: "Models", table: "Workers");

            migrationBuilder.DropColumn(name: "ResultVersion", table: "Workers");

            migrationBuilder.DropColumn(name: "Model", table: "Work");

            migrationBuilder.DropColumn(name: "Owner", table: "Work");

            migrationBuilder.DropColumn(name: "Place", table: "Work");

            migrationBuilder.DropColumn(name: "RaceOf", table: "Work");

            migrationBuilder.DropColumn(name: "Seconds", table: "Work");

            migrationBuilder.DropColumn(name: "TakenAt", table: "Work");

            migrationBuilder.DropColumn(name: "Version", table: "Work");

            migrationBuilder.DropColumn(name: "Model", table: "Jobs");

            migrationBuilder.DropColumn(name: "Number", table: "Jobs");

            migrationBuilder.DropColumn(name: "Version", table: "Jobs");

            migrationBuilder.CreateIndex(name: "IX_Work_State_Rank_JobCreatedAt_Id", table: "Work", columns: new[] { "State", "Rank", "JobCreatedAt", "Id" });
        }
    }
}
