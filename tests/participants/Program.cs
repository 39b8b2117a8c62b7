// What the participants of an axis get from every collective, as a line for each:
//   BrainState.Participants --devices N [--BrainState:…]
// Run on one process with N devices, or on several processes with fewer each, the lines are the same, together.

using BrainState;
using BrainState.Hosting;
using Microsoft.Extensions.Configuration;
using static BrainState.Transforms;

const string Axis = "participants";
var configuration = new ConfigurationBuilder().AddCommandLine(args).Build();
var devices = int.Parse(configuration["devices"]!, System.Globalization.CultureInfo.InvariantCulture);
BrainStateRuntime.SetDefault(BrainStateRuntime.Create(b => b.UseConfiguration(configuration.GetSection("BrainState"))));

var options = new PmapOptions { AxisName = Axis, AxisSize = devices };
DType[] dtypes =
[
    DType.Bool, DType.Int8, DType.Int16, DType.Int32, DType.Int64, DType.UInt8, DType.UInt16, DType.UInt32, DType.UInt64,
    DType.Float16, DType.BFloat16, DType.Float32, DType.Float64, DType.Complex64, DType.Complex128,
];
foreach (var dtype in dtypes)
{
    var isNumber = dtype != DType.Bool;
    if (isNumber) Print($"psum {dtype.Name}", () => Lax.PSum(Values(dtype), Axis));
    if (!dtype.Is(DTypeKinds.Complex)) Print($"pmax {dtype.Name}", () => Lax.PMax(Values(dtype), Axis));
    if (!dtype.Is(DTypeKinds.Complex)) Print($"pmin {dtype.Name}", () => Lax.PMin(Values(dtype), Axis));
    Print($"ppermute {dtype.Name}", () => Lax.PPermute(Values(dtype), Axis, Enumerable.Range(1, Lax.AxisSize(Axis) - 1).Select(static i => (i - 1, i)).ToValueArray()));
    Print($"a ring {dtype.Name}", () => Lax.PPermute(Values(dtype), Axis, Enumerable.Range(0, Lax.AxisSize(Axis)).Select(i => (i, (i + 1) % Lax.AxisSize(Axis))).ToValueArray()));
    Print($"all_gather {dtype.Name}", () => Lax.AllGather(Values(dtype), Axis, axis: 1));
    if (isNumber) Print($"reduce_scatter {dtype.Name}", () => Lax.PSumScatter(Rows(dtype), Axis, scatterDimension: 1));
    Print($"all_to_all {dtype.Name}", () => Lax.AllToAll(Rows(dtype), Axis, splitAxis: 1, concatAxis: 0));
}
Print("axis_index", () => Lax.AxisIndex(Axis));
Print("nothing", () => Lax.PSum(Np.Zeros([0, 3]), Axis));
Print("a loop", () => ForLoop(i => Lax.PSum(Values(DType.Float32), Axis) * i, Np.Arange(3)));
var generator = new RandomState(7);
Print("random", () => generator.Uniform(size: [3]));
Print("random again", () => generator.Uniform(size: [3]));

// Other values for each participant, among them large ones, −0 and NaN; what they add up to is exact.
static Tensor Values(DType dtype)
{
    var position = Lax.AxisIndex(Axis);
    var x = (Np.Arange(4) + 3) * (position + 1) * 29 - 60;
    if (!dtype.Is(DTypeKinds.Inexact)) return x.AsType(dtype);
    return Np.Concatenate([x.AsType(dtype), Np.Where(Np.Equal(position, 1), Tensor.From<double>([double.NaN, -0.0], [2]), Tensor.From<double>([0.5, 0.0], [2])).AsType(dtype)]);
}

static Tensor Rows(DType dtype) => Np.Stack(Enumerable.Range(0, Lax.AxisSize(Axis)).Select(i => Np.Roll(Values(dtype), i)).ToArray(), axis: 1);

void Print(string what, Func<Tensor> function)
{
    var result = Pmap(function, options)();
    for (var i = 0; i < devices; i++) Console.WriteLine($"{what}: {string.Join(' ', Elements(result[i]))}");
}

static IEnumerable<string> Elements(Tensor x) => x.DType switch
{
    var dtype when dtype.Is(DTypeKinds.Complex) => Elements(Lax.Real(x)).Concat(Elements(Lax.Imag(x))),
    var dtype when dtype.Is(DTypeKinds.Inexact) => x.AsType(DType.Float64).ToArray<double>().Select(static value => FormattableString.Invariant($"{value:R}")),
    _ => x.AsType(DType.Int64).ToArray<long>().Select(static value => $"{value}"),
};
