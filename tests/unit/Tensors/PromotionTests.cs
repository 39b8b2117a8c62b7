using static BrainState.Transforms;

namespace BrainState.UnitTests.Tensors;

/// <summary>JAX's promotion: the table of its documentation ("Type promotion semantics"), for strong dtypes and for C# numbers.</summary>
public sealed class PromotionTests
{
    private const string Nodes = "b1 u1 u2 u4 u8 i1 i2 i4 i8 bf f2 f4 f8 c8 c16 i* f* c*";

    public static TheoryData<string, string> Table => new()
    {
        { "b1", "b1 u1 u2 u4 u8 i1 i2 i4 i8 bf f2 f4 f8 c8 c16 i* f* c*" },
        { "u1", "u1 u1 u2 u4 u8 i2 i2 i4 i8 bf f2 f4 f8 c8 c16 u1 f* c*" },
        { "u2", "u2 u2 u2 u4 u8 i4 i4 i4 i8 bf f2 f4 f8 c8 c16 u2 f* c*" },
        { "u4", "u4 u4 u4 u4 u8 i8 i8 i8 i8 bf f2 f4 f8 c8 c16 u4 f* c*" },
        { "u8", "u8 u8 u8 u8 u8 f* f* f* f* bf f2 f4 f8 c8 c16 u8 f* c*" },
        { "i1", "i1 i2 i4 i8 f* i1 i2 i4 i8 bf f2 f4 f8 c8 c16 i1 f* c*" },
        { "i2", "i2 i2 i4 i8 f* i2 i2 i4 i8 bf f2 f4 f8 c8 c16 i2 f* c*" },
        { "i4", "i4 i4 i4 i8 f* i4 i4 i4 i8 bf f2 f4 f8 c8 c16 i4 f* c*" },
        { "i8", "i8 i8 i8 i8 f* i8 i8 i8 i8 bf f2 f4 f8 c8 c16 i8 f* c*" },
        { "bf", "bf bf bf bf bf bf bf bf bf bf f4 f4 f8 c8 c16 bf bf c8" },
        { "f2", "f2 f2 f2 f2 f2 f2 f2 f2 f2 f4 f2 f4 f8 c8 c16 f2 f2 c8" },
        { "f4", "f4 f4 f4 f4 f4 f4 f4 f4 f4 f4 f4 f4 f8 c8 c16 f4 f4 c8" },
        { "f8", "f8 f8 f8 f8 f8 f8 f8 f8 f8 f8 f8 f8 f8 c16 c16 f8 f8 c16" },
        { "c8", "c8 c8 c8 c8 c8 c8 c8 c8 c8 c8 c8 c8 c16 c8 c16 c8 c8 c8" },
        { "c16", "c16 c16 c16 c16 c16 c16 c16 c16 c16 c16 c16 c16 c16 c16 c16 c16 c16 c16" },
        { "i*", "i* u1 u2 u4 u8 i1 i2 i4 i8 bf f2 f4 f8 c8 c16 i* f* c*" },
        { "f*", "f* f* f* f* f* f* f* f* f* bf f2 f4 f8 c8 c16 f* f* c*" },
        { "c*", "c* c* c* c* c* c* c* c* c* c8 c8 c8 c16 c8 c16 c* c* c*" },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void OperandsMeetWhereJaxSaysTheyDo(string left, string row)
    {
        foreach (var (right, expected) in Nodes.Split(' ').Zip(row.Split(' ')))
        {
            var (dtype, isWeak) = Node(expected);
            Assert.Equal((left, right, dtype, isWeak), (left, right, SpecOfSum(left, right).DType, SpecOfSum(left, right).IsWeak));
            if (dtype.Is(DTypeKinds.Complex)) continue; // The cpu backend does not compute complex numbers yet.
            var sum = Number(left) + Number(right);
            Assert.Equal((left, right, dtype, isWeak), (left, right, sum.DType, sum.IsWeak));
            Assert.Equal(left == "b1" && right == "b1" ? 1 : 2, (double)sum);
        }
    }

    [Fact]
    public void ThreeOperandsMeetInOneStep()
    {
        Assert.Equal(DType.Float16, Np.Stack([Number("i1"), Number("u2"), Number("f2")]).DType);
        Assert.Equal(DType.Int32, Np.Stack([Number("i1"), Number("u2"), Number("i*")]).DType);
    }

    [Fact]
    public void NumbersKeepTheDtypeOfTensors()
    {
        Tensor x = new[] { 1f, 2 };
        Assert.Equal(DType.Float32, (x * 2.5).DType);
        Assert.Equal(DType.Float32, (2 / x).DType);
        Assert.Equal(DType.Float16, (x.AsType(DType.Float16) * 2.5).DType);
        Assert.Equal(DType.Int8, (x.AsType(DType.Int8) * 2).DType);
        Assert.Equal([2.5f, 5], (x * 2.5).ToArray<float>());
    }

    [Fact]
    public void IntegersTimesAFractionAreTheDefaultFloatAndStillYield()
    {
        Tensor x = new[] { 1, 2 };
        var product = x * 2.5;
        Assert.Equal(DType.Float32, product.DType);
        Assert.Equal([2.5f, 5], product.ToArray<float>());
        Assert.True(product.IsWeak); // As in JAX: what meets in the weak float stays weak.
        Assert.Equal(DType.Float16, (product * Np.Ones([2], DType.Float16)).DType);
        Assert.Equal(DType.Float32, (x / 2).DType);
        using (Environ.Context(Environ.Precision, 64)) Assert.Equal(DType.Float64, (x * 2.5).DType);
        using (Environ.Context(Environ.Precision, "bf16")) Assert.Equal(DType.BFloat16, (x * 2.5).DType);
    }

    [Fact]
    public void NumbersAreExactInTheCommonDtype()
    {
        // Rounding 0.1 to float32 on the way to float64 would give 0.10000000149.
        Tensor one = new double[] { 1 };
        Assert.Equal(0.1, (one * 0.1).ToScalar<double>());
        Assert.Equal(1.1, (one + 0.1).ToScalar<double>());
        Assert.Equal(1.1, (0.1 + one).ToScalar<double>());
        Assert.Equal(1 / 0.1, (one / 0.1).ToScalar<double>());
        Assert.Equal(1 % 0.1, (one % 0.1).ToScalar<double>());
        Assert.Equal(0.1, Np.Where(true, 0.1, one).ToScalar<double>());
        Assert.Equal(0.1, Np.Minimum(one, 0.1).ToScalar<double>());
        Assert.Equal(0.1, Np.Clip(one, 0, 0.1).ToScalar<double>());
        Assert.Equal(Math.Atan2(0.1, 1), Np.ArcTan2(0.1, one).ToScalar<double>(), 15);
        Assert.Equal(Math.Pow(2, 0.1), Np.Power(one + 1, 0.1).ToScalar<double>(), 14);
        Assert.Equal(0.1, Np.Full([1], 0.1, DType.Float64).ToScalar<double>());
        Assert.Equal(0.1, Np.Concatenate([one, Np.Reshape(0.1, 1)])[1].ToScalar<double>(), 7);
        Assert.False(Np.Equal(one * 0.1f, 0.1).ToScalar<bool>());
        Assert.Equal(1e300, (one * 1e300).ToScalar<double>());
        Assert.Equal(16777217.0, (one * 16777217).ToScalar<double>());
        Assert.Equal(3_000_000_001, (Tensor.From<long>([1], []) * 3_000_000_001).ToScalar<long>());
    }

    [Fact]
    public void NumbersAreAsExactUnderJit()
    {
        Func<Tensor, Tensor> f = x => Np.Where(x > 0.1, x * 0.1 + Np.Full([], 0.1, DType.Float64), Np.Maximum(x, 0.3) % 0.7);
        foreach (var value in (double[])[-1, 0.1, 0.2, 1])
        {
            Tensor x = Tensor.From<double>([value], []);
            Assert.Equal(f(x).ToScalar<double>(), Jit(f)(x).ToScalar<double>());
        }
    }

    [Fact]
    public void WeaknessIsTheSameInsideAndOutsideOfJit()
    {
        (string, Func<Tensor, Tensor>)[] functions =
        [
            ("int tensor times fraction", x => x * 2.5), ("weak times weak", x => (Tensor)2 * 2.5), ("negated", x => -(x * 2.5)), ("sine of a number", x => Np.Sin(2)),
            ("chosen", x => Np.Where(x > 0, 1.0, 0.0)), ("sum", x => Np.Sum(x * 2.5)), ("converted", x => (x * 2.5).AsType(DType.Float32)),
            ("compared", x => x * 2.5 > 1), ("reshaped", x => (x * 2.5).Reshape(1, 2)), ("divided", x => x / 2), ("mean", x => Np.Mean(x)),
        ];
        Tensor input = new[] { 1, 2 };
        foreach (var (name, f) in functions)
            Assert.Equal((name, f(input).DType, f(input).IsWeak), (name, Jit(f)(input).DType, Jit(f)(input).IsWeak));
    }

    [Fact]
    public void TransformsKeepTheWeaknessOfResults()
    {
        Tensor x = new[] { 1f, 2 };
        Assert.True(Grad((Tensor v) => (Tensor)2 * 2.5).WithValue().Invoke(x).Value.IsWeak);
        Assert.False(Grad((Tensor v) => Np.Sum(v) * 2.5).WithValue().Invoke(x).Value.IsWeak);
        Assert.True(Jvp((Tensor v) => Np.Sin(2), x, x).Value.IsWeak);
        Assert.True(Vjp((Tensor v) => Np.Sin(2), x).Value.IsWeak);
        foreach (var run in (Action<Func<Tensor>>[])[f => Jit(f)(), f => Grad((Tensor _) => f()).Invoke(x), f => f()])
        {
            var state = new LongTermState(x);
            run(() => state.Value = (Tensor)2 * 2.5);
            Assert.True(state.Value.IsWeak);
        }
    }

    [Fact]
    public void DivisionOfIntegersAndBoolsGivesFloats()
    {
        Tensor x = new[] { 1, 3 };
        Assert.Equal([0.5f, 1.5f], (x / Tensor.From<int>([2], [])).ToArray<float>());
        Assert.False((x / Tensor.From<int>([2], [])).IsWeak);
        Assert.Equal([1f, 0f], (Tensor.From<bool>([true, false]) / Tensor.From<bool>([true], [])).ToArray<float>());
        Assert.Equal(DType.Int32, Np.FloorDivide(x, 2).DType);
    }

    [Fact]
    public void TruthValuesAddAsOrAndMultiplyAsAnd()
    {
        Tensor a = Tensor.From<bool>([true, true, false]);
        Tensor b = Tensor.From<bool>([true, false, false]);
        Assert.Equal([true, true, false], (a + b).ToArray<bool>());
        Assert.Equal([true, false, false], (a * b).ToArray<bool>());
        Assert.Equal([2, 1, 0], (a + b.AsType(DType.Int32)).ToArray<int>());
        Assert.True((a + 1).IsWeak);
        Assert.Equal(DType.Int32, (a + 1).DType);
        Assert.Equal("sub (C3): it takes operands of kind Number, but one is bool[3].", Assert.ThrowsAny<ArgumentException>(() => a - b).Message);
    }

    [Fact]
    public void ComplexNumbersHaveThePrecisionOfFloats()
    {
        Tensor i = System.Numerics.Complex.ImaginaryOne;
        Assert.Equal(DType.Complex64, i.DType);
        using var scope = Environ.Context(Environ.Precision, 64);
        i = System.Numerics.Complex.ImaginaryOne;
        Assert.Equal(DType.Complex128, i.DType);
    }

    private static (DType DType, bool IsWeak) SpecOfSum(string left, string right)
    {
        var isWeak = false;
        var spec = EvalShape(
            (x, y) =>
            {
                var sum = x + y;
                isWeak = sum.IsWeak;
                return sum;
            }, Number(left), Number(right));
        return (spec[0].DType, isWeak);
    }

    private static Tensor Number(string node)
    {
        var (dtype, isWeak) = Node(node);
        return Tensor.FromNumber(1L, dtype, isWeak);
    }

    private static (DType DType, bool IsWeak) Node(string node) => node switch
    {
        "b1" => (DType.Bool, false),
        "u1" => (DType.UInt8, false),
        "u2" => (DType.UInt16, false),
        "u4" => (DType.UInt32, false),
        "u8" => (DType.UInt64, false),
        "i1" => (DType.Int8, false),
        "i2" => (DType.Int16, false),
        "i4" => (DType.Int32, false),
        "i8" => (DType.Int64, false),
        "bf" => (DType.BFloat16, false),
        "f2" => (DType.Float16, false),
        "f4" => (DType.Float32, false),
        "f8" => (DType.Float64, false),
        "c8" => (DType.Complex64, false),
        "c16" => (DType.Complex128, false),
        "i*" => (DType.Int32, true),
        "f*" => (DType.Float32, true),
        _ => (DType.Complex64, true),
    };
}
