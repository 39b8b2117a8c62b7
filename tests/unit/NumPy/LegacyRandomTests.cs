using BrainState.NumPy;
using Xunit;

namespace BrainState.UnitTests.NumPy;

/// <summary>Golden values of <c>numpy.random.RandomState</c>, drawn with NumPy 1.24.</summary>
public class LegacyRandomTests
{
    const ulong FullRange = 1UL << 32;

    [Fact]
    public void The_ten_thousandth_word_is_the_published_one()
    {
        // The check value of std::mt19937 (ISO C++ [rand.predef]).
        var rng = new LegacyRandom(5489);
        Assert.Equal(4123659995u, rng.RandInt(0, FullRange, 10_000)[^1]);
    }

    [Fact]
    public void The_full_range_takes_raw_words()
    {
        Assert.Equal([1608637542, 3421126067, 4083286876, 787846414], new LegacyRandom(42).RandInt(0, FullRange, 4));
    }

    [Theory]
    [InlineData(0u, 100000ul, new uint[] { 15795, 860, 76820, 54886, 6265, 82386 })]
    [InlineData(7u, 1000ul, new uint[] { 109, 442, 867, 277, 113, 78 })]
    public void Narrow_ranges_mask_and_reject(uint low, ulong high, uint[] expected)
    {
        Assert.Equal(expected, new LegacyRandom(42).RandInt(low, high, expected.Length));
    }

    [Fact]
    public void A_range_of_one_value_draws_nothing()
    {
        var rng = new LegacyRandom(42);
        Assert.Equal([9, 9], rng.RandInt(9, 10, 2));
        Assert.Equal(1608637542u, rng.NextUInt32());
    }

    [Fact]
    public void Doubles_equal_NumPys()
    {
        var rng = new LegacyRandom(42);
        Assert.Equal(
            [0.3745401188473625, 0.9507143064099162, 0.7319939418114051],
            [rng.NextDouble(), rng.NextDouble(), rng.NextDouble()]);
    }

    [Fact]
    public void A_snapshot_continues_where_it_was_taken()
    {
        var rng = new LegacyRandom(42);
        rng.RandInt(0, FullRange, 700);
        var state = rng.Save();
        var expected = rng.RandInt(0, FullRange, 700);

        rng.Seed(1);
        rng.Restore(state);
        Assert.Equal(expected, rng.RandInt(0, FullRange, 700));

        var copy = new LegacyRandom();
        copy.Restore(new LegacyRandom.State(state.Key, state.Position));
        Assert.Equal(expected, copy.RandInt(0, FullRange, 700));
    }

    [Fact]
    public void Generators_without_a_seed_differ()
    {
        Assert.NotEqual(new LegacyRandom().RandInt(0, FullRange, 4), new LegacyRandom().RandInt(0, FullRange, 4));
    }

    [Fact]
    public void Impossible_arguments_are_rejected()
    {
        var rng = new LegacyRandom(0);
        Assert.Throws<ArgumentOutOfRangeException>("highExclusive", () => rng.RandInt(5, 5, 1));
        Assert.Throws<ArgumentOutOfRangeException>("highExclusive", () => rng.RandInt(0, FullRange + 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>("count", () => rng.RandInt(0, 2, -1));
        Assert.Throws<ArgumentException>("key", () => new LegacyRandom.State([1, 2], 0));
        Assert.Throws<ArgumentOutOfRangeException>("position", () => new LegacyRandom.State([.. new uint[624]], 625));
    }
}
