// Step 1 of 3: a T5 writes the queries that a passage answers.
//
//   dotnet run --project samples/1_GenerateQueries [-- T5-FOLDER]
//
// Nobody has labelled anything: the passage is all there is. The queries are sampled, so that the three differ; the
// same seed gives the same queries again.
using GenQ.Data;
using GenQ.Generation;

string model = args.Length > 0 ? args[0] : "genq-mini-t5";

Passage passage = new(
    Id: "python",
    Text: "Python is an interpreted, high-level and general-purpose programming language. Its design stresses readable code, "
        + "and it is used for web servers, data analysis and machine learning.");

// The model's own folder says how it writes best; a published T5 writes with the published settings.
using T5QueryWriter writer = new(model);

Console.WriteLine(passage.Text);
await foreach (PassageQueries written in writer.WriteAsync(new QueryRequest([passage], Count: 3)))
{
    // What the T5 finds unlikely itself is left empty.
    foreach (WrittenQuery query in written.Queries.Where(query => query.Text.Length > 0)) Console.WriteLine($"  {query.LogProbability,7:0.00}  {query.Text}");
}

// A run writes those of a whole corpus into files of lines "query<TAB>passage", which the next sample reads.
