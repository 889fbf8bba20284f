using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace LatentSync.Server.Data.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "Audit",
                columns: table => new
                {
                    Id = table.Column<long>(nullable: false).Annotation("Sqlite:Autoincrement", true),
                    At = table.Column<long>(nullable: false),
                    Who = table.Column<string>(nullable: false),
                    Action = table.Column<string>(nullable: false),
                    Target = table.Column<string>(nullable: false),
                    Address = table.Column<string>(nullable: true),
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Audit", x => x.Id);
                }
            );

            migrationBuilder.CreateTable(
                name: "Events",
                columns: table => new
                {
                    Sequence = table.Column<long>(nullable: false).Annotation("Sqlite:Autoincrement", true),
                    JobId = table.Column<string>(nullable: false),
                    At = table.Column<long>(nullable: false),
                    State = table.Column<string>(maxLength: 64, nullable: false),
                    Kind = table.Column<string>(nullable: false),
                    Message = table.Column<string>(nullable: true),
                    Attempt = table.Column<int>(nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Events", x => x.Sequence);
                }
            );

            migrationBuilder.CreateTable(
                name: "IdempotentRequests",
                columns: table => new
                {
                    Owner = table.Column<string>(nullable: false),
                    Key = table.Column<string>(nullable: false),
                    BodyDigest = table.Column<byte[]>(nullable: false),
                    Outcome = table.Column<string>(nullable: false),
                    ExpiresAt = table.Column<long>(nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_IdempotentRequests", x => new { x.Owner, x.Key });
                }
            );

            migrationBuilder.CreateTable(
                name: "Jobs",
                columns: table => new
                {
                    Id = table.Column<string>(maxLength: 64, nullable: false),
                    Owner = table.Column<string>(nullable: false),
                    CreatedAt = table.Column<long>(nullable: false),
                    UpdatedAt = table.Column<long>(nullable: false),
                    StartedAt = table.Column<long>(nullable: true),
                    FinishedAt = table.Column<long>(nullable: true),
                    State = table.Column<string>(maxLength: 64, nullable: false),
                    VideoId = table.Column<string>(nullable: false),
                    AudioId = table.Column<string>(nullable: false),
                    Options = table.Column<string>(nullable: false),
                    Metadata = table.Column<string>(nullable: true),
                    Dialect = table.Column<string>(nullable: false),
                    IsAnalysis = table.Column<bool>(nullable: false),
                    Container = table.Column<string>(nullable: false),
                    WebhookUrl = table.Column<string>(nullable: true),
                    Attempt = table.Column<int>(nullable: false),
                    Segments = table.Column<int>(nullable: false),
                    SegmentsDone = table.Column<int>(nullable: false),
                    Frames = table.Column<int>(nullable: false),
                    Analysis = table.Column<string>(nullable: true),
                    Result = table.Column<string>(nullable: true),
                    ResultBytes = table.Column<long>(nullable: true),
                    ResultDigest = table.Column<string>(nullable: true),
                    Score = table.Column<string>(nullable: true),
                    ErrorKind = table.Column<string>(nullable: true),
                    ErrorMessage = table.Column<string>(nullable: true),
                    ExpiresAt = table.Column<long>(nullable: true),
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Jobs", x => x.Id);
                }
            );

            migrationBuilder.CreateTable(
                name: "Keys",
                columns: table => new
                {
                    Id = table.Column<string>(nullable: false),
                    Name = table.Column<string>(nullable: false),
                    Digest = table.Column<byte[]>(nullable: false),
                    Scopes = table.Column<string>(nullable: false),
                    CreatedAt = table.Column<long>(nullable: false),
                    RevokedAt = table.Column<long>(nullable: true),
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Keys", x => x.Id);
                }
            );

            migrationBuilder.CreateTable(
                name: "Rates",
                columns: table => new
                {
                    Kind = table.Column<string>(nullable: false),
                    Frames = table.Column<double>(nullable: false),
                    Seconds = table.Column<double>(nullable: false),
                    PeakDeviceBytes = table.Column<long>(nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Rates", x => x.Kind);
                }
            );

            migrationBuilder.CreateTable(
                name: "Uploads",
                columns: table => new
                {
                    Id = table.Column<string>(nullable: false),
                    Owner = table.Column<string>(nullable: false),
                    CreatedAt = table.Column<long>(nullable: false),
                    Name = table.Column<string>(nullable: true),
                    Length = table.Column<long>(nullable: true),
                    IsComplete = table.Column<bool>(nullable: false),
                    Url = table.Column<string>(nullable: true),
                    ExpiresAt = table.Column<long>(nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Uploads", x => x.Id);
                }
            );

            migrationBuilder.CreateTable(
                name: "Webhooks",
                columns: table => new
                {
                    Id = table.Column<string>(nullable: false),
                    JobId = table.Column<string>(nullable: false),
                    Url = table.Column<string>(nullable: false),
                    Body = table.Column<string>(nullable: false),
                    CreatedAt = table.Column<long>(nullable: false),
                    NextAt = table.Column<long>(nullable: false),
                    Attempts = table.Column<int>(nullable: false),
                    DeliveredAt = table.Column<long>(nullable: true),
                    AbandonedAt = table.Column<long>(nullable: true),
                    LastError = table.Column<string>(nullable: true),
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Webhooks", x => x.Id);
                }
            );

            migrationBuilder.CreateTable(
                name: "Work",
                columns: table => new
                {
                    Id = table.Column<long>(nullable: false).Annotation("Sqlite:Autoincrement", true),
                    JobId = table.Column<string>(nullable: false),
                    JobAttempt = table.Column<int>(nullable: false),
                    Kind = table.Column<string>(maxLength: 64, nullable: false),
                    Segment = table.Column<int>(nullable: false),
                    State = table.Column<string>(maxLength: 64, nullable: false),
                    Failures = table.Column<int>(nullable: false),
                    JobCreatedAt = table.Column<long>(nullable: false),
                    NotBefore = table.Column<long>(nullable: false),
                    Worker = table.Column<string>(nullable: true),
                    LeaseToken = table.Column<string>(nullable: true),
                    LeaseUntil = table.Column<long>(nullable: true),
                    Error = table.Column<string>(nullable: true),
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Work", x => x.Id);
                }
            );

            migrationBuilder.CreateIndex(name: "IX_Events_JobId_Sequence", table: "Events", columns: new[] { "JobId", "Sequence" });

            migrationBuilder.CreateIndex(name: "IX_IdempotentRequests_ExpiresAt", table: "IdempotentRequests", column: "ExpiresAt");

            migrationBuilder.CreateIndex(name: "IX_Jobs_AudioId", table: "Jobs", column: "AudioId");

            migrationBuilder.CreateIndex(name: "IX_Jobs_ExpiresAt", table: "Jobs", column: "ExpiresAt");

            migrationBuilder.CreateIndex(name: "IX_Jobs_Owner_Id", table: "Jobs", columns: new[] { "Owner", "Id" });

            migrationBuilder.CreateIndex(name: "IX_Jobs_State", table: "Jobs", column: "State");

            migrationBuilder.CreateIndex(name: "IX_Jobs_VideoId", table: "Jobs", column: "VideoId");

            migrationBuilder.CreateIndex(name: "IX_Uploads_ExpiresAt", table: "Uploads", column: "ExpiresAt");

            migrationBuilder.CreateIndex(
                name: "IX_Webhooks_DeliveredAt_AbandonedAt_NextAt",
                table: "Webhooks",
                columns: new[] { "DeliveredAt", "AbandonedAt", "NextAt" }
            );

            migrationBuilder.CreateIndex(name: "IX_Webhooks_JobId", table: "Webhooks", column: "JobId");

            migrationBuilder.CreateIndex(name: "IX_Work_JobId", table: "Work", column: "JobId");

            migrationBuilder.CreateIndex(name: "IX_Work_State_JobCreatedAt", table: "Work", columns: new[] { "State", "JobCreatedAt" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(name: "Audit");

            migrationBuilder.DropTable(name: "Events");

            migrationBuilder.DropTable(name: "IdempotentRequests");

            migrationBuilder.DropTable(name: "Jobs");

            migrationBuilder.DropTable(name: "Keys");

            migrationBuilder.DropTable(name: "Rates");

            migrationBuilder.DropTable(name: "Uploads");

            migrationBuilder.DropTable(name: "Webhooks");

            migrationBuilder.DropTable(name: "Work");
        }
    }
}
