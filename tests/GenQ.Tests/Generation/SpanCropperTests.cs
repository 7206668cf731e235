using GenQ.Compute;
using GenQ.Data;
using GenQ.Generation;

namespace GenQ.Tests.Generation;

public sealed class SpanCropperTests
{
    [Fact]
    public void A_crop_is_4_to_12_words_of_one_sentence()
    {
        string[] sentences = ["The first sentence of this text has ten words inside.", "Short one.", "The last one is so long that no crop can ever hold all the words that it has, which are many."];
        Passage passage = new("p", string.Join(' ', sentences));
        HashSet<string> crops = [];
        for (int draw = 0; draw < 200; draw++)
        {
            string crop = SpanCropper.Crop(passage, new CounterRandom(1, draw));
            Assert.InRange(crop.Split(' ').Length, 4, 12);
            Assert.Contains(sentences, sentence => sentence.Contains(crop, StringComparison.Ordinal));
            crops.Add(crop);
        }

        Assert.True(crops.Count > 50);
    }

    [Theory]
    [InlineData("Two words.", "Two words.")]
    [InlineData("  ", "")]
    public void A_text_without_a_long_sentence_gives_what_it_has(string text, string expected)
        => Assert.Equal(expected, SpanCropper.Crop(new Passage("p", text), new CounterRandom(1)));
}
