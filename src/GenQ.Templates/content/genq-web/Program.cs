// Answers searches over a finished run:
//
//   dotnet run -- --run RUN
//   curl "localhost:5000/search?q=how+do+I+mount+a+disk"
//
// When the run is made anew, answers come from the new one without a restart.
using GenQ.Extensions;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
builder.Services.AddGenQSearch(builder.Configuration["run"] ?? "run");
builder.Services.AddHealthChecks().AddGenQSearch();

WebApplication app = builder.Build();
app.MapGet("/search", (string q, int? top, IPassageSearch search) => search.Search(q, top).Hits.Select(hit => new
{
    hit.Score,
    hit.Passage.Title,
    hit.Passage.Text,
    hit.Passage.Origin?.Source,
    hit.Passage.Origin?.Page,
}));
app.MapHealthChecks("/health");
app.Run();
