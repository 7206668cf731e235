// Step 3 of 3: all passages become vectors once; a query becomes one when it is asked, and the nearest passages answer it.
//
//   dotnet run --project samples/3_SemanticSearch [-- ENCODER-FOLDER PAIRS.tsv "query"]
//
// The folder that step 2 wrote is a sentence-transformers folder; any other MPNet or BERT one can stand in its place.
using GenQ.Data;
using GenQ.Models;
using GenQ.Retrieval;

string model = args.Length > 0 ? args[0] : "runs/sample/model";
string pairFile = args.Length > 1 ? args[1] : "samples/pairs.tsv";
string query = args.Length > 2 ? args[2] : "which animal sleeps the longest";

string[] passages = [.. PairFiles.Read(pairFile).Select(pair => pair.Passage).Distinct()];
using BiEncoder encoder = BiEncoder.Load(model);

string indexFile = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.vectors");
PassageIndex.Write(indexFile, model, encoder.Dimensions, encoder.EncodePassages(passages).Select(vector => new ReadOnlyMemory<float>(vector)));

using (PassageIndex index = PassageIndex.Open(indexFile, model))
{
    Console.WriteLine($"{index.Count} passages; query: {query}");
    foreach (SearchResult result in index.Search(encoder.EncodeQueries([query])[0], top: 3))
    {
        Console.WriteLine($"  {result.Score:0.000}  {passages[result.Passage]}");
    }
}

File.Delete(indexFile);
