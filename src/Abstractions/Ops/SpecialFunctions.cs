namespace BrainState.Ops;

/// <summary>The error function 2/√π ∫₀ˣ e^(−t²) dt.</summary>
public sealed record Erf : ElementwiseUnary
{
    /// <inheritdoc/>
    public override string Name => "erf";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Floating;
}

/// <summary>The inverse error function; ±∞ at ±1, NaN outside [−1, 1]. M. Giles, Approximating the erfinv function (2010).</summary>
public sealed record ErfInv : ElementwiseUnary
{
    /// <inheritdoc/>
    public override string Name => "erf_inv";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Floating;
}

/// <summary>1 − erf(x), accurate where erf is close to 1.</summary>
public sealed record Erfc : ElementwiseUnary
{
    /// <inheritdoc/>
    public override string Name => "erfc";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Floating;
}

/// <summary>log |Γ(x)|; +∞ at 0, −1, −2, … and at ±∞.</summary>
public sealed record Lgamma : ElementwiseUnary
{
    /// <inheritdoc/>
    public override string Name => "lgamma";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Floating;
}

/// <summary>The derivative of log |Γ(x)|; NaN at 0, −1, −2, … and at −∞.</summary>
public sealed record Digamma : ElementwiseUnary
{
    /// <inheritdoc/>
    public override string Name => "digamma";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Floating;
}
