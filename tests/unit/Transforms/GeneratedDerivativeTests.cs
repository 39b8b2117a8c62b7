using BrainState.Execution;
using BrainState.Ops;
using BrainState.Programs;
using BrainState.Conformance.Generation;
using BrainState.UnitTests.Tensors;

namespace BrainState.UnitTests.Transforms;

/// <summary>Derivatives of ops with any parameters and shapes, as generators make them.</summary>
public sealed class GeneratedDerivativeTests
{
    public static TheoryData<string> Ops =>
    [
        "gather", "scatter", "scatter_add", "scatter_min", "scatter_max", "reduce_window_sum", "reduce_window_max", "reduce_window_min", "select_and_gather_add",
        "select_and_scatter_add", "conv_general_dilated", "cumsum", "cumprod", "cummax", "cummin", "cumlogsumexp", "top_k", "sort", "pad", "slice", "dynamic_slice",
        "dynamic_update_slice", "concatenate", "dot_general", "transpose", "rev", "broadcast_in_dim", "reduce_prod", "select_n", "clamp",
    ];

    [Theory, MemberData(nameof(Ops))]
    public void DerivativesAgreeWithDifferencesAndEachOther(string name)
    {
        using var scope = Backends.Reference.Enter();
        var count = 0;
        Property.Check(40, seed =>
        {
            var program = new ProgramGenerator(seed) { DTypes = [DType.Float64, DType.Int32, DType.Bool], MaxEquations = 1, EmptyShapes = seed % 4 == 0, TameLiterals = true }.NextWith(name);
            var equation = program.Equations.First(e => e.Op.Name == name);
            var specs = equation.Inputs.Select(program.SpecOf).ToArray();
            if (!equation.Outputs.Any(static o => o.DType.IsFloating) || !specs.Any(static s => s.DType.IsFloating)) return;
            // Random positions may repeat, which unique indices would deny; infinite fill values have no differences.
            var op = equation.Op switch
            {
                Scattering scatter => scatter with { UniqueIndices = false },
                Gather gather => gather with { FillValue = 0.5 },
                var other => other,
            };

            var draw = new Draw(seed);
            var values = Array.ConvertAll(specs, s => s.DType switch
            {
                DType.Float64 => draw.Doubles(s.Shape),
                DType.Int32 => draw.Ints(s.Shape, -2, 5),
                _ => draw.Bools(s.Shape),
            });
            Tensor Function(Tensor[] x)
            {
                var next = 0;
                var results = Eager.Bind(op, Array.ConvertAll(values, v => v.DType.IsFloating ? x[next++] : v));
                var parts = results.Where(static r => r.DType.IsFloating).Select(static r => r.Flatten());
                // The extreme of padding alone is infinite.
                return Np.Concatenate([.. op is ReduceWindowMax or ReduceWindowMin ? parts.Select(static p => Np.Clip(p, -9.0, 9.0)) : parts]);
            }
            var arguments = values.Where(static v => v.DType.IsFloating).ToArray();
            Derivatives.Check(Function, arguments, draw, op.ToString(), tolerance: 1e-5, second: arguments.Sum(static a => a.Size) < 12);
            count++;
        });
        Assert.True(count >= 5 || Environment.GetEnvironmentVariable("PROPERTY_SEED") is not null, $"{name} was differentiated only {count} times");
    }
}
