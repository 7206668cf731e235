namespace GenQ.Web;

/// <summary>Marks an address that needs no API key: the page itself, which asks for the key, and the health.</summary>
internal sealed class OpenToAll;
