using BrainState.Nn;
using static BrainState.Transforms;

namespace BrainState.Conformance.Gradients;

/// <content>Branches, loops, and functions with derivatives of their own.</content>
internal static partial class OpCases
{
    private sealed class Memory(Tensor value) : ShortTermState(value);

    private static OpCase Flow(string op, string variant, Func<Tensor[], Tensor> f, params ValueArray<Shape> shapes) => new(op, variant, f, shapes, 0.2, 1.2);

    private static IEnumerable<OpCase> Branches()
    {
        yield return Flow("cond", "on a sum", x => Cond(Np.Sum(x[0]) > 0, a => Np.Sin(a) * x[1], a => a * a, x[0]), [3], [3]);
        yield return Flow("cond", "of a State", x =>
        {
            var state = new Memory(x[0]);
            Cond(Np.Sum(x[0]) > 100, () => { state.Value = state.Value * 2; }, () => { state.Value = state.Value * state.Value * x[1]; });
            return state.Value;
        }, [2], [2]);
        yield return Flow("cond", "of four branches", x => Switch(Lax.ConvertElementType(x[2] * 3, DType.Int32), [a => a, a => a * 2, a => Np.Exp(a) * x[1] * a, a => Np.Sin(a)], x[0]), [3], [3], []);
        yield return Flow("cond", "in scan", x => Scan((Tensor c, Tensor v) => (Cond(c > 0.7, a => a * v, a => Np.Sin(a) + v * v, c), c), x[0], x[1]).Carry, [], [5]);
        yield return Flow("cond", "around scan", x => Cond(x[0] > 0, a => Scan((Tensor c, Tensor v) => (c * v, c), a, x[1]).Carry, a => a, x[0]), [], [3]);
        yield return Flow("checkpoint", "of a product", x => Checkpoint((Tensor a, Tensor b) => Np.Sin(a * b) * Np.Exp(b))(x[0], x[1] * x[1]), [3], [3]);
        yield return Flow("checkpoint", "of dots", x => Checkpoint((Tensor a, Tensor b) => Np.Sin(a.MatMul(b)).MatMul(a), CheckpointPolicy.DotsSaveable)(x[0], x[1]), [3, 3], [3, 3]);
        yield return Flow("checkpoint", "of a checkpointed scan",
            x => Checkpoint((Tensor a) => CheckpointedScan((Tensor c, Tensor v) => (Np.Sin(c * v), c), a, x[1], branching: 2).Carry)(x[0]), [], [5]);
    }

    private static IEnumerable<OpCase> Loops()
    {
        yield return Flow("scan", "with results", x => Scan((Tensor c, Tensor v) => (Np.Tanh(c * v) + v, c * c), x[0], x[1]) is var (c, ys) ? c + Np.Sum(ys) : c, [2], [4, 2]);
        yield return Flow("scan", "over constants",
            x => Scan((Tensor c, Tensor v) => (Np.Tanh(c.MatMul(Np.Sin(x[2]))) * v, Np.Sum(c) * x[1]), x[0], x[1]) is var (c, ys) ? c + Np.Sum(ys) : c, [3], [3], [3, 3]);
        yield return Flow("scan", "in reverse", x => Scan((Tensor c, Tensor v) => (Np.Sin(c) * v, c + v), x[0], x[1], new() { Reverse = true }) is var (c, ys) ? c + Np.Sum(ys * ys) : c, [2], [3, 2]);
        yield return Flow("scan", "of scan", x => Scan((Tensor c, Tensor row) => (Scan((Tensor d, Tensor v) => (d * v + x[2], d), c, row).Carry, c), x[0], x[1]).Carry, [], [3, 2], []);
        yield return Flow("scan", "with a State", x =>
        {
            var state = new Memory(x[0]);
            var ys = ForLoop(v =>
            {
                state.Value = Np.Tanh(state.Value * v);
                return state.Value * v;
            }, x[1]);
            return ys * state.Value;
        }, [], [4]);
        yield return Flow("scan", "of a gated cell", x => Scan((Tensor h, Tensor v) =>
        {
            var z = h.MatMul(x[2]) + v.MatMul(x[3]);
            h = Functional.Sigmoid(z[.., 0..2]) * Np.Tanh(z[.., 2..4] + h.MatMul(x[2])[.., 1..3]) + h;
            return (h, default(ValueTuple));
        }, x[0], x[1]).Carry, [3, 2], [4, 3, 2], [2, 4], [2, 4]);
        yield return Flow("scan", "checkpointed",
            x => CheckpointedScan((Tensor c, Tensor v) => (Np.Sin(c * v) + x[2], c * v), x[0], x[1], branching: 2) is var (c, ys) ? c + Np.Sum(ys * ys) : c, [], [11], []);
        yield return Flow("scan", "as a bounded loop", x => BoundedWhileLoop(c => c < 20, c => c * (1.2 + x[1]), x[0], 27, 3), [], []);
        yield return Flow("while", "to a power", x => WhileLoop(c => c.I < 3, c => (c.I + 1, c.Y * x[0]), (I: Tensor.From<int>([0], []), Y: x[0])).Y, [3]);
        yield return Flow("while", "until it is large", x => WhileLoop(c => c < 20, c => c * (1.2 + x[1]), x[0]), [], []);
    }

    private static IEnumerable<OpCase> Custom()
    {
        var sine = CustomVjp((Tensor x) => Np.Sin(x) * x, x => (Np.Sin(x) * x, (x, Np.Cos(x))), ((Tensor X, Tensor Cos) r, Tensor ct) => ct * (Np.Sin(r.X) + r.X * r.Cos));
        yield return Flow("custom_vjp", "of one", x => sine(x[0]) + sine(x[0] * 0.5), [3]);
        yield return Flow("custom_vjp", "in scan", x => Scan((Tensor c, Tensor v) => (sine(c * v), sine(v)), x[0], x[1]) is var (c, ys) ? c + Np.Sum(ys) : c, [], [4]);
        var product = CustomVjp((Tensor x, Tensor y) => x * y, (x, y) => (x * y, (x, y)), ((Tensor X, Tensor Y) r, Tensor ct) => (ct * r.Y, ct * r.X));
        yield return Flow("custom_vjp", "of two", x => product(Np.Tanh(x[0]), x[1]) * x[0], [3], [3]);
        var power = CustomJvp(
            (Tensor x) => x * x * x,
            (x, t) => Scan((c, _) => ((c.Value * x, c.Tangent * x + c.Value * t), default(ValueTuple)), (Value: Np.OnesLike(x), Tangent: Np.ZerosLike(x)), Np.Zeros([3])).Carry);
        yield return Flow("custom_jvp", "with a loop", x => power(x[0]) * x[0], [3]);
    }
}
