using BrainState.Ops;
using BrainState.Programs;
using BrainState.Conformance.Generation;

namespace BrainState.UnitTests.Ops;

/// <summary>An op with operands that violate one of its labelled constraints.</summary>
internal sealed record ConstraintCase(string Label, Op Op, string Operands)
{
    public override string ToString() => $"{Op.Name} {Label}: {Operands}";
}

/// <summary>At least one violation of every documented constraint of every op.</summary>
internal static partial class ConstraintCases
{
    public static IReadOnlyList<ConstraintCase> All { get; } =
    [
        .. Elementwise(), .. Reductions(), .. Shaping(), .. Slicing(), .. Others(), .. Bodies(),
        .. Indexing(), .. Windows(), .. Convolutions(), .. Cumulatives(), .. Algebra(), .. CollectivesAndEffects(),
    ];

    /// <summary>Constraints that an op documents through its family but that nothing can violate.</summary>
    public static bool IsVacuous(Op op, string label) => (op, label) switch
    {
        (Elementwise { Arity: 1 }, "C1" or "C2") => true, // One operand has nothing to differ from.
        (Elementwise { Accepts: DTypeKinds.Any }, "C3") => true,
        _ => false,
    };

    static ConstraintCase C(string label, Op op, string operands) => new(label, op, operands);

    static IEnumerable<ConstraintCase> Elementwise()
    {
        foreach (var op in OpGenerators.Elementwise)
        {
            string Operands(string spec, int count) => Specs.Print(Enumerable.Repeat(TensorSpec.Parse(spec), count));
            var accepted = DType.All.First(op.AcceptsDType).ShortName;
            yield return C("C0", op, "");
            yield return C("C0", op, Operands(accepted + "[]", op.Arity + 1));
            foreach (var refused in DType.All.Where(d => !op.AcceptsDType(d))) yield return C("C3", op, Operands(refused.ShortName + "[2]", op.Arity));
            if (op.Arity == 1) continue;
            yield return C("C1", op, $"{accepted}[2] {accepted}[3]");
            yield return C("C1", op, $"{accepted}[1] {accepted}[3]");
            yield return C("C1", op, $"{accepted}[2] {accepted}[1,2]");
            var other = DType.All.First(d => d.ShortName != accepted).ShortName;
            yield return C("C2", op, $"{accepted}[] {other}[]");
        }
        yield return C("C4", new ReducePrecision(0, 7), "f32[]");
        yield return C("C4", new ReducePrecision(5, -1), "f32[]");
    }

    static IEnumerable<ConstraintCase> Reductions()
    {
        foreach (var make in (Func<ValueArray<int>, Reduction>[])
            [a => new ReduceSum(a), a => new ReduceProd(a), a => new ReduceMax(a), a => new ReduceMin(a), a => new ReduceAnd(a), a => new ReduceOr(a), a => new ReduceXor(a)])
        {
            var accepted = DType.All.First(d => d.Is(make([]).Accepts)).ShortName;
            yield return C("C0", make([]), "");
            foreach (var axes in (ValueArray<int>[])[[2], [-1], [0, 0], [0, 1, 2]]) yield return C("C1", make(axes), accepted + "[2,3]");
            foreach (var refused in DType.All.Where(d => !d.Is(make([]).Accepts))) yield return C("C2", make([0]), refused.ShortName + "[2]");
        }

        foreach (var make in (Func<int, DType, ArgReduction>[])[(a, d) => new ArgMax(a, d), (a, d) => new ArgMin(a, d)])
        {
            yield return C("C0", make(0, DType.Int32), "f32[2] f32[2]");
            yield return C("C1", make(1, DType.Int32), "f32[2]");
            yield return C("C1", make(-1, DType.Int32), "f32[2]");
            yield return C("C1", make(1, DType.Int32), "f32[2,0]");
            yield return C("C2", make(0, DType.Int32), "c64[2]");
            yield return C("C3", make(0, DType.Float32), "f32[2]");
            yield return C("C3", make(0, DType.Bool), "f32[2]");
        }
    }

    static IEnumerable<ConstraintCase> Shaping() =>
    [
        C("C1", new BroadcastInDim([2, 3], [0]), "f32[2,3]"),
        C("C1", new BroadcastInDim([2, 2], [0, 0]), "f32[2,2]"),
        C("C1", new BroadcastInDim([2, 2], [1, 0]), "f32[2,2]"),
        C("C1", new BroadcastInDim([2], [1]), "f32[2]"),
        C("C2", new BroadcastInDim([2, 3], [0]), "f32[3]"),
        C("C2", new BroadcastInDim([1], [0]), "f32[2]"),
        C("C1", new Reshape([5]), "f32[2,3]"),
        C("C1", new Reshape([]), "f32[0]"),
        C("C1", new Transpose([0]), "f32[2,3]"),
        C("C1", new Transpose([0, 0]), "f32[2,3]"),
        C("C1", new Transpose([0, 2]), "f32[2,3]"),
        C("C1", new Rev([1]), "f32[2]"),
        C("C1", new Rev([0, 0]), "f32[2]"),
        C("C1", new Concatenate(0), ""),
        C("C1", new Concatenate(0), "f32[2] f64[2]"),
        C("C2", new Concatenate(1), "f32[2] f32[2]"),
        C("C2", new Concatenate(0), "f32[]"),
        C("C3", new Concatenate(0), "f32[2,3] f32[2,4]"),
        C("C3", new Concatenate(0), "f32[2] f32[2,1]"),
        C("C4", new Concatenate(0), "f32[2147483647] f32[1]"),
        C("C1", new Pad([new(0, 0, 0)]), "f32[2] f32[1]"),
        C("C1", new Pad([new(0, 0, 0)]), "f32[2] f64[]"),
        C("C2", new Pad([]), "f32[2] f32[]"),
        C("C2", new Pad([new(0, 0, -1)]), "f32[2] f32[]"),
        C("C3", new Pad([new(-1, -2, 0)]), "f32[2] f32[]"),
        C("C3", new Pad([new(int.MaxValue, 1, 0)]), "f32[2] f32[]"),
        C("C3", new Pad([new(0, 0, int.MaxValue)]), "f32[3] f32[]"),
        C("C1", new Iota(DType.Int32, [2], 1), ""),
        C("C1", new Iota(DType.Int32, [], 0), ""),
        C("C2", new Iota(DType.Bool, [2], 0), ""),
        C("C1", new BitcastConvertType(DType.Bool), "u8[2]"),
        C("C1", new BitcastConvertType(DType.UInt8), "bool[2]"),
        C("C1", new BitcastConvertType(DType.Float32), "c64[2]"),
        C("C2", new BitcastConvertType(DType.Int32), "i16[3]"),
        C("C2", new BitcastConvertType(DType.Int32), "i16[]"),
    ];

    static IEnumerable<ConstraintCase> Slicing() =>
    [
        C("C1", new Slice([0], [1], [1]), "f32[2,3]"),
        C("C1", new Slice([0], [1], []), "f32[2]"),
        C("C2", new Slice([-1], [1], [1]), "f32[2]"),
        C("C2", new Slice([2], [1], [1]), "f32[2]"),
        C("C2", new Slice([0], [3], [1]), "f32[2]"),
        C("C3", new Slice([0], [2], [0]), "f32[2]"),
        C("C3", new Slice([0], [2], [-1]), "f32[2]"),
        C("C1", new DynamicSlice([1]), ""),
        C("C1", new DynamicSlice([1]), "f32[2]"),
        C("C1", new DynamicSlice([1]), "f32[2] f32[]"),
        C("C1", new DynamicSlice([1]), "f32[2] i32[1]"),
        C("C1", new DynamicSlice([1, 1]), "f32[2,2] i32[] i64[]"),
        C("C2", new DynamicSlice([3]), "f32[2] i32[]"),
        C("C2", new DynamicSlice([-1]), "f32[2] i32[]"),
        C("C2", new DynamicSlice([]), "f32[2] i32[]"),
        C("C1", new DynamicUpdateSlice(), "f32[2]"),
        C("C1", new DynamicUpdateSlice(), "f32[2] f32[1]"),
        C("C1", new DynamicUpdateSlice(), "f32[2] f32[1] bool[]"),
        C("C2", new DynamicUpdateSlice(), "f32[2] f64[1] i32[]"),
        C("C2", new DynamicUpdateSlice(), "f32[2] f32[] i32[]"),
        C("C2", new DynamicUpdateSlice(), "f32[2] f32[3] i32[]"),
    ];

    static IEnumerable<ConstraintCase> Others() =>
    [
        C("C1", new SelectN(), "bool[]"),
        C("C1", new SelectN(), "bool[] f32[2] f32[3]"),
        C("C1", new SelectN(), "bool[] f32[2] f64[2]"),
        C("C2", new SelectN(), "bool[] f32[] f32[] f32[]"),
        C("C2", new SelectN(), "i64[] f32[] f32[]"),
        C("C3", new SelectN(), "i32[1] f32[2] f32[2]"),
        C("C0", new Clamp(), "f32[] f32[]"),
        C("C1", new Clamp(), "f32[] f64[2] f64[]"),
        C("C1", new Clamp(), "c64[] c64[2] c64[]"),
        C("C2", new Clamp(), "f32[1] f32[2] f32[]"),
        C("C2", new Clamp(), "f32[] f32[2] f32[3]"),
        C("C1", new DotGeneral([], [], [], [], DType.Float32), "f32[2] f64[2]"),
        C("C1", new DotGeneral([], [], [], [], DType.Float32), "bool[2] bool[2]"),
        C("C1", new DotGeneral([], [], [], [], DType.Bool), "f32[2] f32[2]"),
        C("C2", new DotGeneral([1], [0], [], [], DType.Float32), "f32[2] f32[2]"),
        C("C2", new DotGeneral([0], [-1], [], [], DType.Float32), "f32[2] f32[2]"),
        C("C2", new DotGeneral([0], [0], [0], [1], DType.Float32), "f32[2] f32[2,2]"),
        C("C3", new DotGeneral([0], [0], [], [], DType.Float32), "f32[2] f32[3]"),
        C("C3", new DotGeneral([0], [], [], [0], DType.Float32), "f32[2] f32[2]"),
        C("C3", new DotGeneral([0], [], [], [], DType.Float32), "f32[2] f32[2]"),
        C("C1", new Sort(0, 1), ""),
        C("C1", new Sort(0, 1), "f32[2] f32[3]"),
        C("C2", new Sort(1, 1), "f32[2]"),
        C("C2", new Sort(0, 1), "f32[]"),
        C("C3", new Sort(0, 0), "f32[2]"),
        C("C3", new Sort(0, 2), "f32[2]"),
        C("C3", new Sort(0, 1), "c64[2]"),
        C("C1", new RandomBits(DType.UInt32, [2]), "u32[3]"),
        C("C1", new RandomBits(DType.UInt32, [2]), "i32[2]"),
        C("C1", new RandomBits(DType.UInt32, [2]), "u32[]"),
        C("C2", new RandomBits(DType.Float32, [2]), "u32[2]"),
        C("C2", new RandomBits(DType.Int32, [2]), "u32[2]"),
    ];

    static IEnumerable<ConstraintCase> Bodies()
    {
        var identity = Body("f32[]", "f32[]");
        var (wide, pair, integer) = (Body("f64[]", "f64[]"), Body("f32[] f32[]", "f32[] f32[]"), Body("i32[]", "i32[]"));
        return
        [
            C("C1", new Scan(identity, 0, 1, 3, false, 1), "f64[]"),
            C("C1", new Scan(identity, 0, 2, 3, false, 1), "f32[]"),
            C("C1", new Scan(identity, -1, 1, 3, false, 1), "f32[]"),
            C("C1", new Scan(identity, int.MaxValue, int.MaxValue, 3, false, 1), "f32[]"),
            C("C1", new Scan(pair, 0, 1, 3, false, 1), "f32[]"),
            C("C2", new Scan(Body("f32[]", ""), 0, 1, 3, false, 1), "f32[]"),
            C("C2", new Scan(Body("f32[]", "f64[]"), 0, 1, 3, false, 1), "f32[]"),
            C("C3", new Scan(pair, 0, 1, 3, false, 1), "f32[] f32[2]"),
            C("C3", new Scan(pair, 0, 1, 3, false, 1), "f32[] f32[]"),
            C("C4", new Scan(identity, 0, 1, -1, false, 1), "f32[]"),
            C("C4", new Scan(identity, 0, 1, 1, false, 0), "f32[]"),
            C("C1", new While(Body("f32[]", "f32[]"), identity, 0, 0), "f32[]"),
            C("C1", new While(Body("f32[]", "bool[1]"), identity, 0, 0), "f32[]"),
            C("C1", new While(Body("f64[]", "bool[]"), identity, 0, 0), "f32[]"),
            C("C1", new While(Body("f32[]", "bool[]"), identity, 1, 1), "f32[]"),
            C("C1", new While(Body("f32[]", "bool[]"), identity, int.MaxValue, int.MaxValue), "f32[]"),
            C("C1", new While(Body("f32[]", "bool[]"), identity, 0, -1), "f32[]"),
            C("C2", new While(Body("f32[]", "bool[]"), wide, 0, 0), "f32[]"),
            C("C2", new While(Body("f32[]", "bool[]"), Body("f32[]", "f64[]"), 0, 0), "f32[]"),
            C("C1", new Cond([]), "i32[]"),
            C("C1", new Cond([identity, wide]), "i32[] f32[]"),
            C("C1", new Cond([identity, Body("f32[]", "f64[]")]), "i32[] f32[]"),
            C("C1", new Cond([identity]), "i32[]"),
            C("C2", new Cond([identity]), ""),
            C("C2", new Cond([identity]), "bool[] f32[]"),
            C("C2", new Cond([identity]), "i32[1] f32[]"),
            C("C1", new Call(identity, "f"), "f64[]"),
            C("C1", new Call(identity, "f"), "f32[] f32[]"),
            C("C1", new Checkpoint(identity, CheckpointPolicy.DotsSaveable), ""),
            C("C1", new CustomJvp(identity, pair), "f64[]"),
            C("C2", new CustomJvp(identity, identity), "f32[]"),
            C("C2", new CustomJvp(identity, Body("f32[] f32[]", "f32[]")), "f32[]"),
            C("C2", new CustomJvp(integer, pair), "i32[]"),
            C("C1", new CustomVjp(identity, identity, identity), "f64[]"),
            C("C2", new CustomVjp(identity, wide, identity), "f32[]"),
            C("C2", new CustomVjp(identity, Body("f32[]", ""), identity), "f32[]"),
            C("C2", new CustomVjp(identity, Body("f32[]", "f64[] f32[]"), identity), "f32[]"),
            C("C3", new CustomVjp(identity, Body("f32[]", "f32[] i32[]"), identity), "f32[]"),
            C("C3", new CustomVjp(identity, identity, Body("f32[]", "f64[]")), "f32[]"),
            C("C3", new CustomVjp(integer, integer, integer), "i32[]"),
            C("C1", new Composite("f", [], identity, null, null), "f64[]"),
            C("C2", new Composite("f", [], identity, identity, null), "f32[]"),
            C("C2", new Composite("f", [], identity, null, identity), "f32[]"),
            C("C2", new Composite("f", [], identity, wide, identity), "f32[]"),
            C("C2", new Composite("f", [], identity, identity, wide), "f32[]"),
        ];
    }

    static Program Body(string inputs, string outputs) => new ProgramGenerator(0) { MaxEquations = 0 }.Next(Specs.Parse(inputs), Specs.Parse(outputs));
}
