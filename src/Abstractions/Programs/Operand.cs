namespace BrainState.Programs;

/// <summary>What an equation reads: an earlier value of the program, by number, or a rank-0 literal.</summary>
public readonly struct Operand : IEquatable<Operand>
{
    // Programs consist of operands, so these are small: a scalar as it is would double them.
    private readonly ulong low, high;
    private readonly int value;
    private readonly DType dtype;

    private Operand(int value) => this.value = value;

    private Operand(Scalar literal) => (value, dtype, low, high) = (-1, literal.DType, (ulong)literal.Bits, (ulong)(literal.Bits >> 64));

    /// <summary>The value numbered <paramref name="value"/>: inputs come first, then the outputs of each equation in order.</summary>
    public static Operand Of(int value) => value >= 0 ? new(value) : throw new ArgumentOutOfRangeException(nameof(value));

    /// <summary>A literal.</summary>
    public static Operand Of(Scalar literal) => new(literal);

    /// <summary>Whether this is a literal and not a numbered value.</summary>
    public bool IsLiteral => value < 0;

    /// <summary>The number of the value.</summary>
    /// <exception cref="InvalidOperationException">This is a literal.</exception>
    public int Value => value >= 0 ? value : throw new InvalidOperationException("A literal operand has no value number.");

    /// <summary>The literal.</summary>
    /// <exception cref="InvalidOperationException">This is a numbered value.</exception>
    public Scalar Literal => value < 0 ? new(dtype, new UInt128(high, low)) : throw new InvalidOperationException($"Operand %{value} is not a literal.");

    /// <inheritdoc/>
    public bool Equals(Operand other) => value == other.value && dtype == other.dtype && low == other.low && high == other.high;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Operand other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => value >= 0 ? value : HashCode.Combine(dtype, low, high);

    /// <inheritdoc/>
    public override string ToString() => IsLiteral ? $"{Literal}:{dtype.ShortName}[]" : $"%{value}";

    /// <summary>The same value number or the same literal.</summary>
    public static bool operator ==(Operand left, Operand right) => left.Equals(right);

    /// <summary>Another value or literal.</summary>
    public static bool operator !=(Operand left, Operand right) => !left.Equals(right);
}
