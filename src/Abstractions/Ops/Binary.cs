namespace BrainState.Ops;

/// <summary>x + y. Integers wrap around.</summary>
public sealed record Add : ElementwiseBinary
{
    /// <inheritdoc/>
    public override string Name => "add";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Number;
}

/// <summary>x − y. Integers wrap around.</summary>
public sealed record Sub : ElementwiseBinary
{
    /// <inheritdoc/>
    public override string Name => "sub";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Number;
}

/// <summary>x · y. Integers wrap around.</summary>
public sealed record Mul : ElementwiseBinary
{
    /// <inheritdoc/>
    public override string Name => "mul";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Number;
}

/// <summary>x / y. Integers round towards zero; division by zero gives −1 (all ones), and min / −1 gives min.</summary>
public sealed record Div : ElementwiseBinary
{
    /// <inheritdoc/>
    public override string Name => "div";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Number;
}

/// <summary>The remainder of the division that rounds towards zero: its sign is that of x. x rem 0 is x for integers, NaN for floats.</summary>
public sealed record Rem : ElementwiseBinary
{
    /// <inheritdoc/>
    public override string Name => "rem";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Real;
}

/// <summary>The larger operand; NaN if either is, and −0 is less than 0.</summary>
public sealed record Max : ElementwiseBinary
{
    /// <inheritdoc/>
    public override string Name => "max";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Real | DTypeKinds.Bool;
}

/// <summary>The smaller operand; NaN if either is, and −0 is less than 0.</summary>
public sealed record Min : ElementwiseBinary
{
    /// <inheritdoc/>
    public override string Name => "min";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Real | DTypeKinds.Bool;
}

/// <summary>xʸ.</summary>
public sealed record Pow : ElementwiseBinary
{
    /// <inheritdoc/>
    public override string Name => "pow";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Inexact;
}

/// <summary>The angle in radians, in [−π, π], of the point whose ordinate is the first operand and abscissa the second.</summary>
public sealed record Atan2 : ElementwiseBinary
{
    /// <inheritdoc/>
    public override string Name => "atan2";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Floating;
}

/// <summary>Bits set in both; logical for bool.</summary>
public sealed record And : ElementwiseBinary
{
    /// <inheritdoc/>
    public override string Name => "and";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Bitwise;
}

/// <summary>Bits set in either; logical for bool.</summary>
public sealed record Or : ElementwiseBinary
{
    /// <inheritdoc/>
    public override string Name => "or";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Bitwise;
}

/// <summary>Bits set in exactly one; logical for bool.</summary>
public sealed record Xor : ElementwiseBinary
{
    /// <inheritdoc/>
    public override string Name => "xor";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Bitwise;
}

/// <summary>x shifted left by y bits; 0 if y is not in [0, width).</summary>
public sealed record ShiftLeft : ElementwiseBinary
{
    /// <inheritdoc/>
    public override string Name => "shift_left";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Integer;
}

/// <summary>x shifted right by y bits, filling with 0; 0 if y is not in [0, width).</summary>
public sealed record ShiftRightLogical : ElementwiseBinary
{
    /// <inheritdoc/>
    public override string Name => "shift_right_logical";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Integer;
}

/// <summary>x shifted right by y bits, filling with the top bit; the top bit alone if y is not in [0, width).</summary>
public sealed record ShiftRightArithmetic : ElementwiseBinary
{
    /// <inheritdoc/>
    public override string Name => "shift_right_arithmetic";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Integer;
}

/// <summary>The next representable number after x in the direction of y; y if they are equal, NaN if either is.</summary>
public sealed record NextAfter : ElementwiseBinary
{
    /// <inheritdoc/>
    public override string Name => "nextafter";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Floating;
}
