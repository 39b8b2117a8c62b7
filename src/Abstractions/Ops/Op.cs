using BrainState.Programs;

namespace BrainState.Ops;

/// <summary>
/// An operation with its parameters: a small immutable record, equal to another when kind and parameters are.
/// Names, parameters and semantics are those of <c>jax.lax</c> unless the documentation says otherwise.
/// </summary>
/// <remarks>
/// Each op labels its constraints C1, C2, …; the verifier, error messages and conformance cases use the same labels.
/// </remarks>
public abstract record Op
{
    /// <summary>The name in program text, such as <c>dot_general</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The parameters in the order of their names, for printing. Values are those <see cref="OpParameters"/> can read back.</summary>
    public virtual IReadOnlyList<OpParameter> Parameters => [];

    /// <summary>The programs this op runs.</summary>
    public virtual IEnumerable<Program> Bodies => [];

    /// <summary>Whether running it can be observed other than through its results; such equations are neither dropped, merged nor reordered.</summary>
    public virtual bool HasEffects => false;

    /// <summary>The specs of the results for operands with the given specs: the op's shape and dtype rule.</summary>
    /// <exception cref="OpConstraintException">The operands violate a labelled constraint.</exception>
    public abstract TensorSpec[] Infer(ReadOnlySpan<TensorSpec> operands);

    /// <summary>The op with its parameters, as in a jaxpr.</summary>
    public sealed override string ToString() => Programs.Text.JaxprPrinter.Print(this);

    /// <summary>Throws the exception for a violated constraint unless <paramref name="holds"/>.</summary>
    protected void Require(bool holds, string label, [System.Runtime.CompilerServices.InterpolatedStringHandlerArgument("holds")] ConstraintMessage message)
    {
        if (!holds) throw new OpConstraintException(this, label, message.ToString());
    }

    /// <summary>Throws unless there are exactly <paramref name="expected"/> operands.</summary>
    protected void RequireCount(ReadOnlySpan<TensorSpec> operands, int expected)
    {
        if (operands.Length != expected)
            throw new OpConstraintException(this, "C0", $"it takes {expected} operand{(expected == 1 ? "" : "s")}, but {operands.Length} were given");
    }

    /// <summary>Throws unless the dtype of every operand is of one of <paramref name="kinds"/>.</summary>
    protected void RequireKind(TensorSpec operand, DTypeKinds kinds, string label) =>
        Require(operand.DType.Is(kinds), label, $"it takes operands of kind {kinds}, but one is {operand}");

    /// <summary>Throws unless <paramref name="axes"/> are distinct axes of a tensor of rank <paramref name="rank"/>.</summary>
    protected void RequireAxes(ReadOnlySpan<int> axes, int rank, string label, string name)
    {
        for (var i = 0; i < axes.Length; i++)
            Require(axes[i] >= 0 && axes[i] < rank && !axes[..i].Contains(axes[i]), label,
                $"{name} must be distinct axes in [0, {rank}), but is {axes.ToArray().ToValueArray()}");
    }
}

/// <summary>
/// A named parameter of an op, for printing and reading. The value is null, bool, an integer, a string, a dtype, a <see cref="Shape"/>,
/// a <see cref="Program"/>, or a <see cref="ValueArray{T}"/> of integers, programs or values.
/// </summary>
public readonly record struct OpParameter(string Name, object? Value)
{
    /// <summary>A tuple of values.</summary>
    public static ValueArray<object?> Tuple(params ReadOnlySpan<object?> items) => ValueArray.Create(items);
}

/// <summary>Formats a constraint message only when the constraint is violated.</summary>
[System.Runtime.CompilerServices.InterpolatedStringHandler]
public ref struct ConstraintMessage
{
    private System.Runtime.CompilerServices.DefaultInterpolatedStringHandler inner;
    private readonly bool violated;

    /// <summary>Called by the compiler.</summary>
    public ConstraintMessage(int literalLength, int formattedCount, bool holds, out bool shouldAppend)
    {
        shouldAppend = violated = !holds;
        inner = violated ? new(literalLength, formattedCount, System.Globalization.CultureInfo.InvariantCulture) : default;
    }

    /// <summary>Called by the compiler.</summary>
    public void AppendLiteral(string value) => inner.AppendLiteral(value);

    /// <summary>Called by the compiler.</summary>
    public void AppendFormatted<T>(T value) => inner.AppendFormatted(value);

    /// <inheritdoc/>
    public override string ToString() => violated ? inner.ToStringAndClear() : "";
}

/// <summary>The operands or parameters of an op violate one of its labelled constraints.</summary>
public sealed class OpConstraintException : ArgumentException
{
    internal OpConstraintException(Op op, string label, string message) : base($"{op.Name} ({label}): {message}.") =>
        (Op, Label) = (op, label);

    /// <summary>The op.</summary>
    public Op Op { get; }

    /// <summary>The violated constraint, such as <c>C2</c>; <c>C0</c> is the number of operands.</summary>
    public string Label { get; }
}
