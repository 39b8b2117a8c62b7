using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.UnitTests.Cpu;

public class SortTests
{
    [Fact]
    public void OneKeyOfEveryDType()
    {
        foreach (var dtype in Samples.All)
            foreach (var (shape, dimension) in new (Shape, int)[] { ([1], 0), ([0], 0), ([9], 0), ([150], 0), ([4, 6], 0), ([4, 6], 1), ([3, 40, 2], 1) })
                Check(new Sort(dimension, 1), shape, dtype);
    }

    [Fact]
    public void OtherOperandsFollowStably()
    {
        foreach (var key in new[] { DType.Bool, DType.Int8, DType.Float32, DType.Float64, DType.UInt64 })
            Check(new Sort(1, 1), [5, 60], key, DType.Int32, DType.Float16, DType.UInt8, DType.Float64);
    }

    [Fact]
    public void SeveralKeys()
    {
        Check(new Sort(0, 2), [200], DType.Bool, DType.Float32, DType.Int32);
        Check(new Sort(0, 3), [60, 3], DType.Bool, DType.Int64, DType.BFloat16);
    }

    [Fact]
    public void ManyElements() => Check(new Sort(1, 1), [40, 700], DType.Float32, DType.Int32);

    private static void Check(Sort op, Shape shape, params DType[] dtypes)
    {
        var builder = new ProgramBuilder();
        var inputs = Array.ConvertAll(dtypes, dtype => builder.AddInput(new(dtype, shape)));
        Checks.Run(builder.Build(builder.AddAll(op, inputs)), 21);
    }
}
