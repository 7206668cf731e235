using GenQ.Generation;

namespace GenQ.ConsumerTests;

/// <summary>Writes queries without any model: it asks for the passage's title in several ways.</summary>
internal sealed class TitleQueryWriter : IQueryWriter
{
    private static readonly string[] Forms = ["how does {0} work", "{0} manual", "what is {0} for"];

    public IReadOnlyDictionary<string, string> Identity { get; } = new Dictionary<string, string> { ["writer"] = "titles, 3 forms" };

    public async IAsyncEnumerable<PassageQueries> WriteAsync(
        QueryRequest request, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation = default)
    {
        for (int i = 0; i < request.Passages.Count; i++)
        {
            await Task.Yield();
            cancellation.ThrowIfCancellationRequested();
            string title = request.Passages[i].Title ?? request.Passages[i].Id;
            yield return new PassageQueries(i, [.. Enumerable.Range(request.FirstSample, request.Count)
                .Select(sample => new WrittenQuery(string.Format(System.Globalization.CultureInfo.InvariantCulture, Forms[sample % Forms.Length], title)))]);
        }
    }
}
