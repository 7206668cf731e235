using GenQ.Text;

namespace GenQ.Tests.Text;

public sealed class NearDuplicatesTests
{
    private static readonly string Text = string.Join(' ', Enumerable.Range(0, 100).Select(i => $"word{i}"));

    [Fact]
    public void A_text_with_a_few_other_words_is_of_the_group_of_the_first_and_one_with_many_is_not()
    {
        // A word that is changed changes five runs: 9 of 96 for two words, 87 / 105 = 0.83; four words far apart leave 76 / 116 = 0.66.
        string nearly = Text.Replace("word0 ", "other ", StringComparison.Ordinal).Replace("word50 ", "other ", StringComparison.Ordinal);
        string partly = new[] { 10, 30, 50, 70 }.Aggregate(Text, (text, i) => text.Replace($"word{i} ", "other ", StringComparison.Ordinal));
        Assert.Equal([0, 0, 2, 0], NearDuplicates.Groups([Text, nearly, partly, Text.ToUpperInvariant()]));
    }

    [Fact]
    public void What_is_like_one_of_a_group_belongs_to_it()
    {
        string[] chain = [Text, Swap(Text, 20), Swap(Swap(Text, 20), 60), "another text"];
        Assert.Equal([0, 0, 0, 3], NearDuplicates.Groups(chain));

        static string Swap(string text, int i) => text.Replace($"word{i} ", "other ", StringComparison.Ordinal);
    }

    [Fact]
    public void Short_texts_are_alike_where_they_are_the_same()
        => Assert.Equal([0, 1, 0, 3, 3], NearDuplicates.Groups(["pump oil weekly", "pump oil daily", "Pump  oil weekly", "", " "]));
}
