using GenQ.Data;
using GenQ.Models;
using GenQ.Retrieval;
using static TorchSharp.torch;

namespace GenQ.Training;

/// <summary>
/// The model as it was before its training, and BM25: they say which passages are alike, and which of a batch answer a query beside
/// its own. A guide model as in Solatorio 2024, "GISTEmbed: Guided In-sample Selection of Training Negatives for Text Embedding
/// Fine-tuning"; in place of leaving passages out, its scores are what is learned (Hinton et al. 2015).
/// </summary>
internal sealed class Guide : IDisposable
{
    // What a unit of BM25 counts for beside the scaled cosine: the two differ by about as much between a good passage and a poor one.
    private const double WordsWeight = 1;

    // A neighbour is one of so many.
    private const int Nearest = 12;

    // Nearest passages are looked for among so many that follow one another: time and memory stay linear in the passages.
    private const int Block = 1 << 15;

    // Passages whose neighbours are looked for at a time.
    private const int Part = 1024;

    private readonly BiEncoder _model;
    private readonly RankingExample[] _examples;
    private readonly int[] _passageOf;
    private readonly Tensor _vectors;
    private readonly Bm25Index _words;

    /// <summary>Reads all passages.</summary>
    /// <param name="model">The untuned model; it becomes the guide's, which disposes of it.</param>
    /// <param name="examples">The passages of the training and their queries.</param>
    /// <param name="progress">Told how many different passages have been read, of how many.</param>
    /// <param name="cancellation">Stops between batches.</param>
    public Guide(BiEncoder model, RankingExample[] examples, IProgress<(int Done, int Total)>? progress, CancellationToken cancellation)
    {
        _model = model;
        _examples = examples;
        Dictionary<string, int> numbers = [];
        _passageOf = new int[examples.Length];
        foreach ((int i, RankingExample example) in examples.Index())
        {
            if (!numbers.TryGetValue(example.Passage, out int number)) numbers.Add(example.Passage, number = numbers.Count);
            _passageOf[i] = number;
        }

        string[] texts = [.. numbers.Keys];
        Passage[] passages = [.. texts.Select((text, i) => new Passage($"{i}", text))];
        _words = Bm25Index.Build(passages, EnglishText.AnalyzerFor(passages));
        try
        {
            float[][] vectors = model.EncodePassages(texts, new Relay<int>(done => progress?.Report((done, texts.Length))), cancellation);
            _vectors = UnitVectors.Of(vectors).DetachFromDisposeScope();
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>How much each passage of a batch answers each query: the scaled cosine and BM25, added.</summary>
    /// <param name="batch">Examples.</param>
    /// <returns>(queries of the batch, passages of the batch) scores, as those of <see cref="MultipleNegativesRanking.Scores"/>.</returns>
    public Tensor Scores(int[] batch)
    {
        using IDisposable scope = NewDisposeScope();
        string[] asked = [.. batch.SelectMany(example => _examples[example].Queries)];
        int[] passages = [.. batch.Select(example => _passageOf[example])];
        float[] words = [.. asked.SelectMany(query => _words.Scores(query, passages))];
        Tensor queries = UnitVectors.Of(_model.EncodeQueries(asked));
        Tensor cosines = queries.matmul(_vectors.index_select(0, tensor(passages)).t());
        Tensor scores = cosines.Times(MultipleNegativesRanking.DefaultScale).Plus(tensor(words).view(asked.Length, passages.Length).Times(WordsWeight));
        return scores.to(_model.Network.Device).MoveToOuterDisposeScope();
    }

    /// <summary>For each example those of the passages most like its own, nearest first. Examples of one passage share an array.</summary>
    public int[][] Neighbours()
    {
        ILookup<int, int> examplesOf = Enumerable.Range(0, _examples.Length).ToLookup(example => _passageOf[example]);
        int[][] ofPassage = [.. NearestPassages().Select(near => near.SelectMany(passage => examplesOf[passage]).ToArray())];
        return [.. _passageOf.Select(passage => ofPassage[passage])];
    }

    /// <summary>Disposes of the model.</summary>
    public void Dispose()
    {
        _vectors.Dispose();
        _model.Dispose();
    }

    private IEnumerable<int[]> NearestPassages()
    {
        int count = (int)_vectors.shape[0];
        for (int start = 0; start < count; start += Part)
        {
            using IDisposable scope = NewDisposeScope();
            int first = start / Block * Block, size = Math.Min(Block, count - first), part = Math.Min(Part, count - start);
            Tensor cosines = _vectors.narrow(0, start, part).matmul(_vectors.narrow(0, first, size).t());

            // One more, as a passage is nearest to itself.
            int width = Math.Min(Nearest + 1, size);
            (_, Tensor nearest) = cosines.topk(width, 1);
            long[] numbers = [.. nearest.data<long>()];
            for (int row = 0; row < part; row++)
            {
                int own = start + row;
                yield return [.. numbers.Skip(row * width).Take(width).Select(number => first + (int)number).Where(number => number != own).Take(Nearest)];
            }
        }
    }
}
