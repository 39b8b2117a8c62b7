using System.Globalization;
using BrainState.Interpretation;
using BrainState.Programs;

namespace BrainState.Conformance;

/// <summary>How the results of a program are judged.</summary>
public abstract record ProgramCheck
{
    /// <summary>Runs the program and throws unless its results are as they must be.</summary>
    /// <exception cref="ConformanceException">They are not.</exception>
    public abstract Deviation Verify(ConformanceTarget target, Program program, HostValue[] inputs);

    /// <summary>The number of devices that run the program together.</summary>
    public virtual int Devices => 1;

    /// <summary>A word and its parameters, as in case files.</summary>
    public abstract override string ToString();

    /// <summary>Every equation gives what the interpreter gives for the operands that the backend computed: errors do not add up.</summary>
    public static ProgramCheck Steps { get; } = new StepsCheck();

    /// <summary>The program gives what the interpreter gives, to the last bit.</summary>
    public static ProgramCheck Exact { get; } = new ExactCheck();

    /// <summary>The program gives what the interpreter gives, within a tolerance that is absolute and relative to the largest element.</summary>
    public static ProgramCheck Close(double tolerance) => new CloseCheck(tolerance);

    /// <summary>The program gives known results, within a tolerance that is absolute and relative to the largest element; 0 for the same bits.</summary>
    public static ProgramCheck Expected(IReadOnlyList<HostValue> results, double tolerance = 0) => new ExpectedCheck(results.ToValueArray(), tolerance);

    /// <summary>Compiled as a whole, the program gives what its equations give one by one (jit = eager): the same bits where nothing is rounded more than once.</summary>
    public static ProgramCheck Eager { get; } = new EagerCheck();

    /// <summary>Batched over the inputs that <paramref name="isBatched"/> tells, the program gives in each lane what it gives for the lane's inputs (vmap = loop).</summary>
    public static ProgramCheck Lanes(int count, ValueArray<bool> isBatched) => new LanesCheck(count, isBatched);

    /// <summary>As the frontend prepares it for the backend, by passes and decompositions, the program gives what the interpreter gives for it as it stands, to the last bit.</summary>
    public static ProgramCheck Prepared { get; } = new PreparedCheck();

    /// <summary>With its loops of known length unrolled, the program gives the same (scan = unrolled).</summary>
    public static ProgramCheck Unrolled { get; } = new UnrolledCheck();

    /// <summary>With its composites replaced by their bodies, the program gives the same (native = expanded).</summary>
    public static ProgramCheck Expanded(double tolerance) => new ExpandedCheck(tolerance);

    /// <summary>
    /// Run by the first <paramref name="count"/> devices together, participants of the axis <paramref name="axisName"/>, the program gives on each what the interpreter gives, to the last bit.
    /// </summary>
    public static ProgramCheck Replicas(string axisName, int count) => new ReplicasCheck(axisName, count);

    /// <summary>Derivatives of the program agree with differences and with each other, in both modes; of a program with <c>while</c> or <c>custom_vjp</c>, in the one that it has.</summary>
    /// <param name="tolerance">Absolute, and relative to the largest element; ten times as much for second derivatives.</param>
    /// <param name="second">Whether second derivatives are checked too.</param>
    /// <param name="last">How many of the last inputs are arguments, and not constants; null for all. Those of float64 and complex128 are differentiated.</param>
    public static ProgramCheck Gradient(double tolerance, bool second = true, int? last = null) => new GradientCheck(tolerance, second, last);

    /// <summary>The check that a text stands for; the inverse of <see cref="ToString"/>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="expected">The results that stand beside it.</param>
    /// <exception cref="FormatException">It stands for none.</exception>
    internal static ProgramCheck Parse(string text, IReadOnlyList<HostValue> expected)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        double Number(int index) => double.Parse(words[index], CultureInfo.InvariantCulture);
        try
        {
            return words switch
            {
                ["steps"] => Steps,
                ["exact"] => Exact,
                ["close", _] => Close(Number(1)),
                ["expected"] => Expected(expected),
                ["expected", _] => Expected(expected, Number(1)),
                ["eager"] => Eager,
                ["lanes", var count, var mask] => Lanes(int.Parse(count, CultureInfo.InvariantCulture), mask.Select(static c => c == '1').ToValueArray()),
                ["prepared"] => Prepared,
                ["unrolled"] => Unrolled,
                ["expanded", _] => Expanded(Number(1)),
                ["replicas", var axis, var count] => Replicas(axis, int.Parse(count, CultureInfo.InvariantCulture)),
                ["gradient", _, var order] => Gradient(Number(1), order == "2"),
                ["gradient", _, var order, "last", var count] => Gradient(Number(1), order == "2", int.Parse(count, CultureInfo.InvariantCulture)),
                _ => throw new FormatException($"'{text}' is not a check."),
            };
        }
        catch (OverflowException failure)
        {
            throw new FormatException($"'{text}' is not a check.", failure);
        }
    }
}
