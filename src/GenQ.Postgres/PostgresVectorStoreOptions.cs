namespace GenQ.Postgres;

/// <summary>Settings of a <see cref="PostgresVectorStore"/>.</summary>
public sealed record PostgresVectorStoreOptions
{
    /// <summary>The schema that holds the tables. The default is "public".</summary>
    public string Schema { get; init; } = "public";

    /// <summary>The text search configuration that takes words apart, as <c>\dF</c> of psql lists them. The default is "english".</summary>
    public string Language { get; init; } = "english";
}
