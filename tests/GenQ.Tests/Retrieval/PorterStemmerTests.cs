using GenQ.Retrieval;

namespace GenQ.Tests.Retrieval;

public sealed class PorterStemmerTests
{
    // The examples of the paper, step by step; where a later step goes on, the final stem stands here.
    [Theory]
    [InlineData("caresses caress, ponies poni, ties ti, caress caress, cats cat")]
    [InlineData("feed feed, agreed agre, plastered plaster, bled bled, motoring motor, sing sing")]
    [InlineData("conflated conflat, troubled troubl, sized size, hopping hop, tanned tan, falling fall, hissing hiss, fizzed fizz")]
    [InlineData("failing fail, filing file, happy happi, sky sky")]
    [InlineData("relational relat, conditional condit, rational ration, valenci valenc, hesitanci hesit, digitizer digit")]
    [InlineData("conformabli conform, radicalli radic, differentli differ, vileli vile, analogousli analog, vietnamization vietnam")]
    [InlineData("predication predic, operator oper, feudalism feudal, decisiveness decis, hopefulness hope, callousness callous")]
    [InlineData("formaliti formal, sensitiviti sensit, sensibiliti sensibl")]
    [InlineData("triplicate triplic, formative form, formalize formal, electriciti electr, electrical electr, hopeful hope, goodness good")]
    [InlineData("revival reviv, allowance allow, inference infer, airliner airlin, gyroscopic gyroscop, adjustable adjust")]
    [InlineData("defensible defens, irritant irrit, replacement replac, adjustment adjust, dependent depend, adoption adopt")]
    [InlineData("homologou homolog, communism commun, activate activ, angulariti angular, homologous homolog, effective effect")]
    [InlineData("bowdlerize bowdler, probate probat, rate rate, cease ceas, controll control, roll roll")]
    [InlineData("generalizations gener, oscillators oscil, archaeology archaeolog, possibly possibl")]
    [InlineData("is is, as as, y y, by by, yes ye, ies i, toying toi, employed emploi, 1950s 1950, syzygy syzygi, café café")]
    public void Words_become_the_stems_of_the_paper(string wordsAndStems)
    {
        foreach (string[] pair in wordsAndStems.Split(", ").Select(pair => pair.Split(' ')))
        {
            char[] letters = pair[0].ToCharArray();
            Assert.Equal(pair[1], new string(letters, 0, PorterStemmer.Stem(letters)));
        }
    }
}
