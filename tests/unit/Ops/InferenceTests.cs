using BrainState.Ops;
using BrainState.Programs;
using BrainState.Conformance.Generation;

namespace BrainState.UnitTests.Ops;

/// <summary>The shape and dtype rule of each op, by example.</summary>
public sealed class InferenceTests
{
    static readonly Program Step = new ProgramGenerator(0) { MaxEquations = 0 }.Next(Specs.Parse("i32[] f32[2] u8[4]"), Specs.Parse("f32[2] bool[]"));

    static readonly (Op Op, string Operands, string Results)[] Examples =
    [
        (new Add(), "f32[2,3] f32[2,3]", "f32[2,3]"),
        (new Add(), "f32[] f32[2,3]", "f32[2,3]"),
        (new Add(), "f32[0] f32[]", "f32[0]"),
        (new Lt(), "i8[2] i8[]", "bool[2]"),
        (new Abs(), "c64[2]", "f32[2]"),
        (new Abs(), "c128[]", "f64[]"),
        (new Abs(), "i16[2]", "i16[2]"),
        (new IsFinite(), "bf16[3]", "bool[3]"),
        (new IntegerPow(2), "i32[2]", "i32[2]"),
        (new ConvertElementType(DType.Complex64), "bool[2,0]", "c64[2,0]"),
        (new BitcastConvertType(DType.UInt8), "f32[3]", "u8[3,4]"),
        (new BitcastConvertType(DType.Float64), "u16[2,4]", "f64[2]"),
        (new BitcastConvertType(DType.Int32), "f32[]", "i32[]"),
        (new BroadcastInDim([4, 2, 3], [0, 2]), "f32[1,3]", "f32[4,2,3]"),
        (new BroadcastInDim([2, 0], []), "bool[]", "bool[2,0]"),
        (new Reshape([3, 1, 2]), "f32[2,3]", "f32[3,1,2]"),
        (new Reshape([0, 7]), "f32[0]", "f32[0,7]"),
        (new Transpose([2, 0, 1]), "f32[2,3,4]", "f32[4,2,3]"),
        (new Rev([1, 0]), "f32[2,3]", "f32[2,3]"),
        (new Concatenate(1), "f32[2,3] f32[2,0] f32[2,1]", "f32[2,4]"),
        (new Pad([new(1, 2, 1)]), "f32[3] f32[]", "f32[8]"),
        (new Pad([new(-1, -1, 0)]), "f32[3] f32[]", "f32[1]"),
        (new Pad([new(1, 1, 5)]), "f32[0] f32[]", "f32[2]"),
        (new Iota(DType.BFloat16, [2, 3], 1), "", "bf16[2,3]"),
        (new Slice([1, 0], [4, 2], [2, 1]), "f32[5,2]", "f32[2,2]"),
        (new Slice([1], [1], [1]), "f32[5]", "f32[0]"),
        (new Slice([1], [5], [int.MaxValue]), "f32[5]", "f32[1]"),
        (new Slice([5], [5], [int.MaxValue]), "f32[5]", "f32[0]"),
        (new DynamicSlice([2, 0]), "f32[5,3] u8[] u8[]", "f32[2,0]"),
        (new DynamicUpdateSlice(), "f32[5,3] f32[2,3] i64[] i64[]", "f32[5,3]"),
        (new ReduceSum([0, 2]), "f32[2,3,4]", "f32[3]"),
        (new ReduceOr([]), "bool[2]", "bool[2]"),
        (new ReduceMax([0]), "f32[0,2]", "f32[2]"),
        (new ArgMax(1, DType.UInt8), "f16[2,3]", "u8[2]"),
        (new DotGeneral([2], [1], [0], [0], DType.Float32), "f16[5,2,3] f16[5,3,4]", "f32[5,2,4]"),
        (new DotGeneral([], [], [], [], DType.Int32), "i8[2] i8[3]", "i32[2,3]"),
        (new DotGeneral([0], [0], [], [], DType.Float32), "f32[1] f32[1,1]", "f32[1]"),
        (new SelectN(), "i32[2] f32[2] f32[2] f32[2]", "f32[2]"),
        (new SelectN(), "bool[] c64[2]", "c64[2]"),
        (new Clamp(), "u8[] u8[2] u8[2]", "u8[2]"),
        (new Sort(0, 1), "f32[3] c64[3]", "f32[3] c64[3]"),
        (new RandomBits(DType.UInt64, [3]), "u32[4,2]", "u64[4,3]"),
        (new RandomBits(DType.UInt8, []), "u32[2]", "u8[]"),
        (new OptimizationBarrier(), "f32[2] i32[]", "f32[2] i32[]"),
        (new OptimizationBarrier(), "", ""),
        (new Scan(Step, 1, 1, 7, true, 2), "i32[] f32[2] u8[7,4]", "f32[2] bool[7]"),
        (new Scan(Step, 1, 1, 0, false, 1), "i32[] f32[2] u8[0,4]", "f32[2] bool[0]"),
        (new Cond([Step]), "i32[] i32[] f32[2] u8[4]", "f32[2] bool[]"),
        (new Call(Step, "f"), "i32[] f32[2] u8[4]", "f32[2] bool[]"),
    ];

    [Fact]
    public void ResultsFollowFromOperands()
    {
        foreach (var (op, operands, results) in Examples) Assert.Equal((op, operands, results), (op, operands, Specs.Print(op.Infer(Specs.Parse(operands)))));
    }

    [Fact]
    public void ParametersAreInTheOrderOfTheirNames()
    {
        foreach (var name in OpGenerators.Names)
        {
            var op = new ProgramGenerator(1) { Axis = ("i", 2) }.NextWith(name).Equations.First(e => e.Op.Name == name).Op;
            Assert.Equal(op.Parameters.Select(p => p.Name).Order(StringComparer.Ordinal), op.Parameters.Select(p => p.Name));
        }
    }

    [Fact]
    public void ANameIsRegisteredOnce()
    {
        Assert.StartsWith("An op named 'add' is registered already.", Assert.Throws<ArgumentException>(() => OpRegistry.Register("add", _ => new Add())).Message);
        Assert.Equal(OpRegistry.Names.Order(StringComparer.Ordinal), OpRegistry.Names);
    }
}
