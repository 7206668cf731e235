namespace GenQ.Mcp;

/// <summary>What <c>list_documents</c> gives.</summary>
/// <param name="Run">The run.</param>
/// <param name="Page">Which page this is, from 1.</param>
/// <param name="Pages">How many there are.</param>
/// <param name="Total">How many documents the run has.</param>
/// <param name="Documents">Those of this page.</param>
internal sealed record DocumentPage(string Run, int Page, int Pages, int Total, IReadOnlyList<DocumentEntry> Documents);
