// Step 6: the passages of a run go into PostgreSQL, where other tables are, and are searched there by meaning and words.
//
//   dotnet run --project samples/6_Pgvector [-- RUN-FOLDER postgres://USER@HOST/DATABASE "query"]
//
// Any VectorStore of Microsoft.Extensions.VectorData can stand in PostgreSQL's place. Without a server of your own, `npm ci` in eng/pglite and
// `node eng/pglite/server.mjs` give one that runs in Node, with its address.
using GenQ.Data;
using GenQ.Extensions;
using GenQ.Onnx;
using GenQ.Postgres;
using Microsoft.Extensions.VectorData;

RunFolder run = new(args.ElementAtOrDefault(0) ?? "runs/first");
string query = args.ElementAtOrDefault(2) ?? "how do I write indented json";
if (args.ElementAtOrDefault(1) is not { } address)
{
    Console.WriteLine("No server was named, so there is nothing to show: give its address, postgres://USER@HOST/DATABASE.");
    return;
}

// The run's index has the vectors already: nothing is encoded. Do it again, and the same rows are there.
using VectorStore store = new PostgresVectorStore(address);
await VectorStoreExport.UpsertAsync(run, store, "genq_sample");

// A query needs the model that made the vectors.
using OnnxEncoder encoder = OnnxEncoder.OfRun(run);
StoredPassages passages = new(store, "genq_sample", encoder);
Console.WriteLine($"{query} ({(passages.IsHybrid ? "by meaning and words" : "by meaning")})");
foreach (VectorSearchResult<PassageRecord> found in await passages.SearchAsync(query, top: 3)) Console.WriteLine($"  {found.Score:0.0000}  {found.Record.Title ?? found.Record.Id}");
