// Step 2 of 3: a sentence encoder learns to bring each query near its passage.
//
//   dotnet run --project samples/2_TrainBiEncoder [-- ENCODER-FOLDER PAIRS.tsv OUTPUT-FOLDER]
//
// In a batch every query has one right passage; the passages of the other pairs are the wrong ones. That is why no
// text may stand in a batch twice. Twenty-four pairs show the way only: a real training takes thousands.
using System.Numerics.Tensors;
using GenQ.Data;
using GenQ.Models;
using GenQ.Training;

string start = args.Length > 0 ? args[0] : "genq-mini-mpnet";
string pairFile = args.Length > 1 ? args[1] : "samples/pairs.tsv";
string output = args.Length > 2 ? args[2] : "runs/sample";

QueryPassagePair[] pairs = [.. PairFiles.Read(pairFile)];
BiEncoderTrainer trainer = new(new BiEncoderTrainerOptions { BatchSize = 8, Epochs = 2 });
TrainingSummary summary = trainer.Train(start, pairs, output);
Console.WriteLine($"{summary.Pairs} pairs, {summary.Steps} steps; saved in {Path.Combine(output, "model")}");

Console.WriteLine($"Mean cosine of a query and its passage: {MeanCosine(start):0.000} before, {MeanCosine(Path.Combine(output, "model")):0.000} after");

float MeanCosine(string model)
{
    using BiEncoder encoder = BiEncoder.Load(model);
    float[][] queries = encoder.EncodeQueries([.. pairs.Select(pair => pair.Query)]);
    float[][] passages = encoder.EncodePassages([.. pairs.Select(pair => pair.Passage)]);
    return queries.Zip(passages, (query, passage) => TensorPrimitives.CosineSimilarity<float>(query, passage)).Average();
}
