namespace BrainState.UnitTests.States;

[Collection(ProcessWide.Name)]
public sealed class EnvironTests
{
    [Fact]
    public async Task ScopesHideGlobalsAndFlowWithAwait()
    {
        const string Key = "environ_tests";
        Environ.Set(Key, 1);
        try
        {
            Assert.Equal(1, Environ.Get<int>(Key));
            using (Environ.Context(Key, 2))
            {
                Assert.Equal(2, Environ.Get<int>(Key));
                using (Environ.Context(Key, 3)) Assert.Equal(3, await Task.Run(() => Environ.Get<int>(Key)));
                await Task.Yield();
                Assert.Equal(2, Environ.Get<int>(Key));
            }
            Assert.Equal(1, Environ.Get<int>(Key));
        }
        finally
        {
            Environ.Reset(Key);
        }
        Assert.Equal("fallback", Environ.GetOrDefault(Key, "fallback"));
        Assert.Throws<ArgumentNullException>(() => Environ.Set(Key, null!));
    }

    [Fact]
    public void PrecisionSetsTheDefaultDtypes()
    {
        foreach (var (precision, real, integer) in ((object, DType, DType)[])
                 [(16, DType.Float16, DType.Int32), ("bf16", DType.BFloat16, DType.Int32), (32, DType.Float32, DType.Int32), (64, DType.Float64, DType.Int64)])
        {
            Environ.Set(Environ.Precision, precision);
            try
            {
                Assert.Equal((real, integer), (Environ.DefaultFloat, Environ.DefaultInteger));
                Assert.Equal((real, integer), (Np.Zeros([1]).DType, Np.Arange(2).DType));
                Assert.Equal(integer, Np.ArgMax(Np.Zeros([2])).DType);
                Assert.Equal(integer, Np.Sum(Tensor.From<bool>([true])).DType);
            }
            finally
            {
                Environ.Reset(Environ.Precision);
            }
        }
    }
}
