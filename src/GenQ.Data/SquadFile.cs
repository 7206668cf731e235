using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace GenQ.Data;

/// <summary>
/// Reads SQuAD v1.1 (Rajpurkar et al. 2016), <c>{"data": [{"paragraphs": [{"context", "qas": [{"id", "question"}]}]}]}</c>.
/// Each paragraph is a passage without a title; its id, <c>squad-0</c>, <c>squad-1</c>, …, is its place in the file.
/// </summary>
public static class SquadFile
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { RespectNullableAnnotations = true };

    /// <summary>
    /// Reads the paragraphs in order. The official training file has 18,896; five texts stand there twice and stay two
    /// records, as the published counts have them (18,896 passages, 56,688 pairs).
    /// </summary>
    /// <param name="path">The file; may be packed (<c>.gz</c>).</param>
    /// <exception cref="GenQException">The file cannot be read or is not SQuAD.</exception>
    public static IReadOnlyList<Passage> ReadPassages(string path) => ReadTask(path).Corpus;

    /// <summary>
    /// Reads the paragraphs as corpus and the questions as queries; a question is answered by the paragraph it was asked
    /// about and by every copy of it.
    /// </summary>
    /// <param name="path">The file; may be packed (<c>.gz</c>).</param>
    /// <exception cref="GenQException">The file cannot be read, is not SQuAD, or has a question id twice.</exception>
    public static RetrievalTask ReadTask(string path)
    {
        List<Passage> passages = [];
        List<RetrievalQuery> queries = [];
        Dictionary<string, Dictionary<string, int>> copies = [];
        Dictionary<string, IReadOnlyDictionary<string, int>> relevant = [];
        foreach (Paragraph paragraph in Parse(path).SelectMany(article => article.Paragraphs))
        {
            Passage passage = new(string.Create(CultureInfo.InvariantCulture, $"squad-{passages.Count}"), paragraph.Context);
            passages.Add(passage);
            if (!copies.TryGetValue(passage.Text, out Dictionary<string, int>? grades)) copies[passage.Text] = grades = [];
            grades.Add(passage.Id, 1);

            foreach (Question question in paragraph.Qas ?? [])
            {
                // The grades are shared by the copies' questions: a copy further down the file is added to them then.
                if (!relevant.TryAdd(question.Id, grades))
                    throw new GenQException($"'{path}' has the question id \"{question.Id}\" twice; each question needs its own.");
                queries.Add(new RetrievalQuery(question.Id, question.Text));
            }
        }

        return new RetrievalTask(Path.GetFileName(path), queries, passages, relevant);
    }

    private static List<Article> Parse(string path)
    {
        using BoundedJsonStream stream = new(InputFile.Open(path), path);
        try
        {
            if (JsonSerializer.Deserialize<Root>(stream, Options) is { Data.Count: > 0 } root)
            {
                // In lists the serializer takes null for anything.
                foreach (Article? article in root.Data)
                {
                    if (article is null || article.Paragraphs.Any(paragraph => paragraph is null || paragraph.Qas?.Contains(null!) == true))
                        throw new JsonException("null stands where an article, a paragraph or a question belongs.");
                }

                return root.Data;
            }
        }
        catch (JsonException e)
        {
            throw new GenQException(
                $"'{path}' is not SQuAD v1.1, {{\"data\": [{{\"paragraphs\": [{{\"context\": …, \"qas\": […]}}]}}]}}: {e.Message}", e);
        }
        catch (IOException e)
        {
            throw new GenQException($"'{path}' cannot be read: {e.Message} Is the file damaged or cut off?", e);
        }

        throw new GenQException($"'{path}' is not SQuAD v1.1, or empty: its \"data\" holds no article.");
    }

    private sealed record Root([property: JsonRequired] List<Article> Data);

    private sealed record Article([property: JsonRequired] List<Paragraph> Paragraphs);

    private sealed record Paragraph([property: JsonRequired] string Context, List<Question>? Qas);

    private sealed record Question([property: JsonRequired] string Id, [property: JsonRequired, JsonPropertyName("question")] string Text);
}
