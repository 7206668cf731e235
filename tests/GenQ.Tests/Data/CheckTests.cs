using GenQ.Models;
using GenQ.Training;

namespace GenQ.Tests.Data;

/// <summary>The options records and the check they share.</summary>
public sealed class CheckTests
{
    public static TheoryData<string, Func<object>> Refused => new()
    {
        { "BatchSize must be at least 2, got 1.", () => new BiEncoderTrainerOptions { BatchSize = 1 } },
        { "Epochs must be at least 1, got 0.", () => new BiEncoderTrainerOptions { Epochs = 0 } },
        { "LearningRate must be a finite number above 0, got -1.", () => new BiEncoderTrainerOptions { LearningRate = -1 } },
        { "LearningRate must be a finite number above 0, got NaN.", () => new BiEncoderTrainerOptions { LearningRate = double.NaN } },
        { "WarmupShare must be between 0 and 1, got 1.5.", () => new BiEncoderTrainerOptions { WarmupShare = 1.5 } },
        { "WeightDecay must be at least 0, got NaN.", () => new BiEncoderTrainerOptions { WeightDecay = double.NaN } },
        { "MaxSequenceLength must be at least 3, got 2.", () => new BiEncoderTrainerOptions { MaxSequenceLength = 2 } },
        { "CheckpointEvery must be at least 1, got 0.", () => new BiEncoderTrainerOptions { CheckpointEvery = 0 } },
        { "Steps must be at least 1, got 0.", () => new GeneratorTrainerOptions { Steps = 0 } },
        { "LearningRate must be a finite number above 0, got 0.", () => new GeneratorTrainerOptions { LearningRate = 0 } },
        { "WarmupSteps must be at least 0, got -1.", () => new GeneratorTrainerOptions { WarmupSteps = -1 } },
        { "LabelSmoothing must be at least 0 and below 1, got 1.", () => new GeneratorTrainerOptions { LabelSmoothing = 1 } },
        { "CopyShare must be between 0 and 1, got 2.", () => new GeneratorTrainerOptions { CopyShare = 2 } },
        { "CropShare must be between 0 and 1, got -0.5.", () => new GeneratorTrainerOptions { CropShare = -0.5 } },
        { "MaxInputLength must be at least 2, got 1.", () => new GeneratorTrainerOptions { MaxInputLength = 1 } },
        { "MaxTargetLength must be at least 2, got 0.", () => new GeneratorTrainerOptions { MaxTargetLength = 0 } },
        { "CheckpointEvery must be at least 1, got 0.", () => new GeneratorTrainerOptions { CheckpointEvery = 0 } },
        { "EvaluateEvery must be at least 1, got 0.", () => new GeneratorTrainerOptions { EvaluateEvery = 0 } },
        { "MaxSequenceLength must be at least 3, got 2.", () => new BiEncoderOptions { MaxSequenceLength = 2 } },
        { "Holdout must be at least 0 and below 1, got 1.", () => new GenQSettings { Holdout = 1 } },
    };

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public void An_option_out_of_its_range_is_named_with_the_range_and_the_value(string message, Func<object> create)
        => Assert.StartsWith(message, Assert.Throws<ArgumentOutOfRangeException>(create).Message, StringComparison.Ordinal);

    [Fact]
    public void The_ends_of_a_range_belong_to_it()
    {
        Assert.Equal(2, new BiEncoderTrainerOptions { BatchSize = 2 }.BatchSize);
        Assert.Equal(1, new BiEncoderTrainerOptions { WarmupShare = 1 }.WarmupShare);
        Assert.Equal(0, new GeneratorTrainerOptions { WarmupSteps = 0 }.WarmupSteps);
        Assert.Null(new GeneratorTrainerOptions { LearningRate = null }.LearningRate);
        Assert.Equal(0, new GenQSettings { Holdout = 0 }.Holdout);
    }
}
