namespace GenQ.Web;

/// <summary>Marks an address that a ticket opens in place of the API key: a browser that follows a link sends no key.</summary>
internal sealed class OpenWithTicket;
