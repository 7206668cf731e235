using GenQ.Data;
using GenQ.Retrieval;
using static TorchSharp.torch;

namespace GenQ.Training;

/// <summary>What BM25 says of the queries and passages of a batch, the passages of all examples being its corpus.</summary>
internal sealed class BatchWords
{
    private readonly RankingExample[] _examples;
    private readonly int[] _passageOf;
    private readonly Bm25Index _index;

    /// <summary>Indexes the words of all passages.</summary>
    /// <param name="examples">The examples of the training.</param>
    public BatchWords(RankingExample[] examples)
    {
        TextNumbers numbers = new();
        _examples = examples;
        _passageOf = [.. examples.Select(example => numbers.Of(example.Passage))];
        Passage[] passages = [.. examples.Select(example => example.Passage).Distinct().Select((text, i) => new Passage($"{i}", text))];
        _index = Bm25Index.Build(passages, EnglishText.IsEnglish(passages) ? Analyzer.English : Analyzer.Plain);
    }

    /// <summary>Scores every passage of a batch for every query of it.</summary>
    /// <param name="batch">Indices of examples: their queries, in this order, are the rows, their passages the columns.</param>
    /// <returns>(queries, passages), BM25's scores; the caller's.</returns>
    public Tensor Scores(int[] batch)
    {
        int[] passages = [.. batch.Select(example => _passageOf[example])];
        float[] scores = [.. batch.SelectMany(example => _examples[example].Queries).SelectMany(query => _index.Scores(query, passages))];
        return tensor(scores).view(-1, batch.Length);
    }
}
