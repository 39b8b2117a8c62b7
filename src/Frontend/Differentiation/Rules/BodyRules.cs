using BrainState.Execution;
using BrainState.Ops;
using static BrainState.Differentiation.DerivativeRules;

namespace BrainState.Differentiation;

/// <summary>Derivatives of ops that run programs.</summary>
internal static class BodyRules
{
    public static void Define()
    {
        Jvps.Define<Call>((op, primals, tangents) => ForwardMode.Evaluate(((Call)op).Body, primals, tangents));
        Jvps.Define<Checkpoint>((op, primals, tangents) => ForwardMode.Evaluate(((Checkpoint)op).Body, primals, tangents));
        Jvps.Define<Composite>((op, primals, tangents) => ForwardMode.Evaluate(((Composite)op).Body, primals, tangents));
        Jvps.Define<CustomJvp>((op, primals, tangents) =>
        {
            var custom = (CustomJvp)op;
            var given = Enumerable.Range(0, primals.Length).Where(i => primals[i].DType.IsDifferentiable).Select(i => tangents[i] ?? Zeros(primals[i].Spec));
            var results = ProgramFunction.Apply(custom.Jvp, [.. primals, .. given]);
            var count = custom.Body.Outputs.Length;
            var (outputs, next) = (results[..count], count);
            return (outputs, Array.ConvertAll(outputs, o => o.DType.IsDifferentiable ? results[next++] : null));
        });
        Jvps.Define<OptimizationBarrier>((op, primals, tangents) =>
        {
            var outputs = Eager.Bind(op, primals);
            var given = tangents.Where(static t => t is not null).Cast<Tensor>().ToArray();
            var held = Eager.Bind(op, given);
            var next = 0;
            return (outputs, Array.ConvertAll(tangents, t => t is null ? null : held[next++]));
        });
        Transposes.Define<OptimizationBarrier>((op, ct, _) =>
        {
            var held = Eager.Bind(op, ct.Where(static c => c is not null).Cast<Tensor>().ToArray());
            var next = 0;
            return Array.ConvertAll(ct, c => c is null ? null : held[next++]);
        });
    }
}
