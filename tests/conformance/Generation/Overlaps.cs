using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.Conformance.Generation;

/// <summary>Programs that write parts of a matrix into itself, and read it in no other way, so that an engine may be tempted to write in place what it has yet to read.</summary>
internal static class Overlaps
{
    private static readonly ScatterDimensionNumbers Rows = new([1], [0], [0]);

    private static readonly Scattering[] Scatterings =
    [
        new Scatter(Rows, IndexMode.Clip, false), new ScatterAdd(Rows, IndexMode.Clip, false), new ScatterMul(Rows, IndexMode.Clip, false), new ScatterMin(Rows, IndexMode.Clip, false),
        new ScatterMax(Rows, IndexMode.Clip, false),
    ];

    /// <summary>Ops whose result is an operand with something written into it.</summary>
    public static IReadOnlyList<string> Ops { get; } = ["dynamic_update_slice", .. Scatterings.Select(static op => op.Name)];

    /// <summary>Parts of a square matrix that fit into it, by what they are.</summary>
    public static IReadOnlyDictionary<string, Func<ProgramBuilder, Operand, int, Operand>> Parts { get; } = new Dictionary<string, Func<ProgramBuilder, Operand, int, Operand>>
    {
        ["first_rows"] = static (b, x, n) => b.Add(new Slice([0, 0], [n - 1, n], [1, 1]), x),
        ["last_rows"] = static (b, x, n) => b.Add(new Slice([1, 0], [n, n], [1, 1]), x),
        ["columns"] = static (b, x, n) => b.Add(new Slice([0, 1], [n, n], [1, 1]), x),
        ["shifted"] = static (b, x, n) => b.Add(new Reshape([n - 1, n]), b.Add(new Slice([1], [(n * (n - 1)) + 1], [1]), b.Add(new Reshape([n * n]), x))),
        ["packed"] = static (b, x, n) => b.Add(new Reshape([n - 1, n - 1]), b.Add(new Slice([1], [((n - 1) * (n - 1)) + 1], [1]), b.Add(new Reshape([n * n]), x))),
        ["transposed"] = static (b, x, _) => b.Add(new Transpose([1, 0]), x),
        ["reversed"] = static (b, x, _) => b.Add(new Rev([0, 1]), x),
        ["repeated"] = static (b, x, n) => b.Add(new BroadcastInDim([n - 1, n], [0, 1]), b.Add(new Slice([1, 0], [2, n], [1, 1]), x)),
        ["reshaped"] = static (b, x, n) => b.Add(new Reshape([n, n]), b.Add(new Reshape([n * n]), x)),
        ["bits"] = static (b, x, _) => b.Add(new BitcastConvertType(b.SpecOf(x).DType), b.Add(new BitcastConvertType(DType.UInt32), x)),
    };

    /// <summary>A program that writes a part of a matrix into the matrix.</summary>
    /// <param name="op">One of <see cref="Ops"/>.</param>
    /// <param name="part">One of <see cref="Parts"/>.</param>
    /// <param name="readsPlaces">Whether the places to write to are elements of the matrix too, and not an input.</param>
    /// <param name="n">The number of rows, and of columns.</param>
    public static Program Of(string op, string part, bool readsPlaces, int n)
    {
        var builder = new ProgramBuilder();
        var matrix = builder.Add(new Neg(), builder.AddInput(new(DType.Int32, [n, n])));
        var update = Parts[part](builder, matrix, n);
        var rows = builder.SpecOf(update).Shape[0];
        Operand Elements(int count) => builder.Add(new Slice([1], [1 + count], [1]), builder.Add(new Reshape([n * n]), matrix));
        // As far behind as the part fits.
        Operand Start(int axis) => readsPlaces ? builder.Add(new Reshape([]), builder.Add(new Slice([axis], [axis + 1], [1]), Elements(2))) : Operand.Of(Scalar.Of(DType.Int32, (long)n));
        Operand Places() => readsPlaces ? builder.Add(new Reshape([rows, 1]), Elements(rows)) : builder.AddInput(new(DType.Int32, [rows, 1]));
        var written = Scatterings.FirstOrDefault(scattering => scattering.Name == op) is { } scattering
            ? builder.Add(scattering, matrix, Places(), update)
            : builder.Add(new DynamicUpdateSlice(), matrix, update, Start(0), Start(1));
        // What is returned has memory of its own.
        return builder.Build(builder.Add(new Neg(), written));
    }
}
