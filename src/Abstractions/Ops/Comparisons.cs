namespace BrainState.Ops;

/// <summary>A relation between elements; the result is bool. Every relation but <see cref="Ne"/> is false if an operand is NaN.</summary>
public abstract record Comparison : ElementwiseBinary
{
    /// <inheritdoc/>
    public sealed override DType ResultDType(DType operand) => DType.Bool;
}

/// <summary>x = y.</summary>
public sealed record Eq : Comparison
{
    /// <inheritdoc/>
    public override string Name => "eq";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Any;
}

/// <summary>x ≠ y; true if an operand is NaN.</summary>
public sealed record Ne : Comparison
{
    /// <inheritdoc/>
    public override string Name => "ne";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Any;
}

/// <summary>x &lt; y.</summary>
public sealed record Lt : Comparison
{
    /// <inheritdoc/>
    public override string Name => "lt";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Real | DTypeKinds.Bool;
}

/// <summary>x ≤ y.</summary>
public sealed record Le : Comparison
{
    /// <inheritdoc/>
    public override string Name => "le";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Real | DTypeKinds.Bool;
}

/// <summary>x &gt; y.</summary>
public sealed record Gt : Comparison
{
    /// <inheritdoc/>
    public override string Name => "gt";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Real | DTypeKinds.Bool;
}

/// <summary>x ≥ y.</summary>
public sealed record Ge : Comparison
{
    /// <inheritdoc/>
    public override string Name => "ge";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Real | DTypeKinds.Bool;
}
