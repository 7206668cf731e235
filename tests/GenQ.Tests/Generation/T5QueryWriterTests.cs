using GenQ.Compute;
using GenQ.Data;
using GenQ.Generation;
using GenQ.Models;

namespace GenQ.Tests.Generation;

public sealed class T5QueryWriterTests
{
    private static readonly string T5 = Shared.Golden("checkpoints", "t5-tiny");

    private static readonly Passage[] Passages = [.. Enumerable.Range(0, 100).Select(i => new Passage($"p{i}", $"Passage {i} speaks of ships."))];

    [Fact]
    public async Task A_query_that_repeats_another_of_its_passage_is_drawn_anew_and_the_others_stay()
    {
        // So cold that every draw is about the likeliest token: the three of a passage mostly repeat one another.
        DecodingOptions cold = new() { MaxLength = 4, Temperature = 0.05 };
        using T5QueryWriter writer = new(T5, cold, Precision.Fp32);
        using T5Generator plain = T5Generator.Load(T5, Precision.Fp32);
        PassageQueries[] all = await writer.WriteAsync(new QueryRequest(Passages, 3)).OrderBy(of => of.Passage).ToArrayAsync();
        string[][] written = [.. all.Select(of => of.Queries.Select(query => query.Text).ToArray())];
        string[][] once = [.. plain.Generate([.. Passages.Select(p => (p.Id, p.SearchText))], cold).Select(queries => queries.Select(query => query.Text).ToArray())];
        Assert.InRange(Repeated(once), 20, 299);
        Assert.InRange(Repeated(written), 0, Repeated(once) / 2);
        for (int i = 0; i < once.Length; i++)
        {
            Assert.Equal(once[i].Distinct(), written[i].Where((_, j) => Array.IndexOf(once[i], once[i][j]) == j));
        }

        static int Repeated(string[][] queries) => queries.Sum(of => of.Length - of.Distinct().Count());
    }

    [Fact]
    public void One_text_gets_as_many_queries_as_the_options_say_also_after_the_network_was_freed()
    {
        using T5QueryWriter writer = new(T5, new DecodingOptions { MaxLength = 4, Count = 5 });
        Assert.Equal(5, writer.Write("Python is a language.").Count);
        writer.Dispose();
        Assert.Equal(5, writer.Write("Python is a language.").Count);
    }

    [Fact]
    public void Its_identity_names_the_model_and_what_decides_its_draws_but_neither_speed_nor_count()
    {
        IReadOnlyDictionary<string, string> identity = new T5QueryWriter(T5, new DecodingOptions { TopK = 7, Seed = 3 }, Precision.Fp32, int8Weights: true).Identity;
        Assert.Equal(("7", "3", "fp32, int8"), (identity["top k"], identity["seed"], identity["precision"]));
        Assert.Matches("^[0-9a-f]{16}$", identity["generator"]);
        Assert.Empty(identity.Keys.Intersect(["count", "batch size"]));
    }
}
