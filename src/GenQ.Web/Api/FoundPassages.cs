using GenQ.Retrieval;

namespace GenQ.Web;

/// <summary>The answer to a search.</summary>
/// <param name="Query">What was asked.</param>
/// <param name="Run">The run that was searched.</param>
/// <param name="Model">The model that was asked.</param>
/// <param name="By">What the ranking goes by.</param>
/// <param name="Words">What words counted for beside meaning.</param>
/// <param name="Hits">The passages, the best first.</param>
/// <param name="Facets">In which folders and files the best 100 lie, in the order of their names.</param>
/// <param name="Milliseconds">How long it took.</param>
internal sealed record FoundPassages(
    string Query, string Run, SearchModel Model, SearchMode By, float Words, IReadOnlyList<FoundPassage> Hits, IReadOnlyList<Facet> Facets, double Milliseconds);

/// <summary>A passage that was found.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Score">Higher is better; compares within one answer.</param>
/// <param name="Title">The headings above it.</param>
/// <param name="Source">The file that it comes from.</param>
/// <param name="Page">The page, from 1, where the format has pages.</param>
/// <param name="Text">Its words.</param>
/// <param name="Matches">Where words of the query stand in the text, also in other forms: start and end in UTF-16 units.</param>
/// <param name="Link">Where its document can be opened; null where it is not at hand.</param>
/// <param name="IsRight">Whether somebody has marked it as a right or as a wrong answer to this query; null where nobody has.</param>
/// <param name="Why">Why it was found.</param>
internal sealed record FoundPassage(
    string Id, double Score, string? Title, string? Source, int? Page, string Text, int[][] Matches, string? Link, bool? IsRight, WhyFound Why);

/// <summary>Why a passage was found.</summary>
/// <param name="Words">BM25.</param>
/// <param name="Meaning">The cosine of query and passage.</param>
/// <param name="TrainingQuery">The query of this passage that the model has learned from and that is most like what was asked; null where it has learned from none.</param>
internal sealed record WhyFound(ScorePart Words, ScorePart Meaning, string? TrainingQuery);

/// <summary>A score by one way of searching.</summary>
/// <param name="Score">The score.</param>
/// <param name="Rank">The place in a search by this way alone, from 1; null beyond 100.</param>
/// <param name="Share">The score as a share of the most that there is, 0 to 1: among the best 100 hits, or of a cosine of 1.</param>
internal sealed record ScorePart(double Score, int? Rank, double Share);

/// <summary>How many of the best hits lie in a place.</summary>
/// <param name="Path">A file, or a folder, which ends with a slash.</param>
/// <param name="Hits">How many.</param>
internal sealed record Facet(string Path, int Hits);
