// Step 1 of 3: a T5 writes the queries that a passage answers.
//
//   dotnet run --project samples/1_GenerateQueries [-- T5-FOLDER]
//
// Nobody has labelled anything: the passage is all there is. The queries are sampled, so that the three differ; the
// same seed gives the same queries again.
using GenQ.Data;
using GenQ.Generation;
using GenQ.Models;

string model = args.Length > 0 ? args[0] : "models/genq-mini-t5";

Passage passage = new(
    Id: "python",
    Text: "Python is an interpreted, high-level and general-purpose programming language. Its design stresses readable code, "
        + "and it is used for web servers, data analysis and machine learning.");

// 0.6 suits the mini generator; a T5-base writes well at 1, the published setting.
using QueryGenerator generator = QueryGenerator.Load(model, new DecodingOptions { Count = 3, Temperature = 0.6, Seed = 42 });

Console.WriteLine(passage.Text);
foreach (GeneratedText query in generator.Generate([passage])[0])
{
    Console.WriteLine($"  {query.LogProbability,7:0.00}  {query.Text}");
}

// A whole corpus goes into files of lines "query<TAB>passage", which the next sample reads:
//   generator.Generate(passages, "runs/mine/pairs");
