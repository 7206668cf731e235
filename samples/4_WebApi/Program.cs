// Step 4: a finished run answers over HTTP. No torch is needed any more, only the run's export.
//
//   dotnet run --project samples/4_WebApi [-- --run RUN-FOLDER --urls http://localhost:5000]
//   curl "localhost:5000/search?q=how+do+I+write+indented+json"
//
// The run is opened once and shared by all requests. Run `genq run` again meanwhile: when it is done, answers come from the new run, and none is lost.
using GenQ.Extensions;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
builder.Services.AddGenQSearch(builder.Configuration["run"] ?? "runs/first");
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
