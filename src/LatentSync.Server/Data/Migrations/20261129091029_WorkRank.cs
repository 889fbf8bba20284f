using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace LatentSync.Server.Data.Migrations
{
    /// <inheritdoc />
    public partial class WorkRank : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(name: "IX_Work_State_JobCreatedAt", table: "Work");

            migrationBuilder.AddColumn<int>(name: "Rank", table: "Work", type: "INTEGER", nullable: false, defaultValue: 0);

            migrationBuilder.Sql("UPDATE \"Work\" SET \"Rank\" = 1 WHERE \"Kind\" = 'Score'");

            migrationBuilder.CreateIndex(name: "IX_Work_State_Rank_JobCreatedAt_Id", table: "Work", columns: new[] { "State", "Rank", "JobCreatedAt", "Id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(name: "IX_Work_State_Rank_JobCreatedAt_Id", table: "Work");

            migrationBuilder.DropColumn(name: "Rank", table: "Work");

            migrationBuilder.CreateIndex(name: "IX_Work_State_JobCreatedAt", table: "Work", columns: new[] { "State", "JobCreatedAt" });
        }
    }
}
