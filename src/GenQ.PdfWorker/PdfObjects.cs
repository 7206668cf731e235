using UglyToad.PdfPig;
using UglyToad.PdfPig.Tokens;

namespace GenQ.PdfWorker;

/// <summary>Follows the references between the objects of a PDF, also where they lead in a circle.</summary>
internal static class PdfObjects
{
    // A reference to a reference is legal and rare.
    private const int MostReferences = 8;

    /// <summary>The object that a token is or leads to; <see langword="null"/> where it is none of this kind.</summary>
    public static T? Find<T>(this Structure structure, IToken? token)
        where T : class, IToken
    {
        for (int i = 0; token is IndirectReferenceToken reference && i < MostReferences; i++)
            token = structure.TokenScanner.Get(reference.Data)?.Data;
        return token is IndirectReferenceToken ? null : token as T;
    }

    /// <summary>The object behind an entry of a dictionary; <see langword="null"/> where there is none of this kind.</summary>
    public static T? Find<T>(this Structure structure, DictionaryToken dictionary, string name)
        where T : class, IToken => dictionary.TryGet(NameToken.Create(name), out IToken? token) ? structure.Find<T>(token) : null;
}
