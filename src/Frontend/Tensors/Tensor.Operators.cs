namespace BrainState;

/// <content>Operators and methods: those of NumPy, with JAX's promotion and with broadcasting.</content>
public sealed partial class Tensor
{
    /// <summary>Elementwise sum.</summary>
    public static Tensor operator +(Tensor x, Tensor y) => Np.Add(x, y);

    /// <summary>Elementwise difference.</summary>
    public static Tensor operator -(Tensor x, Tensor y) => Np.Subtract(x, y);

    /// <summary>Elementwise product.</summary>
    public static Tensor operator *(Tensor x, Tensor y) => Np.Multiply(x, y);

    /// <summary>Elementwise quotient; integers give floats, as in NumPy.</summary>
    public static Tensor operator /(Tensor x, Tensor y) => Np.Divide(x, y);

    /// <summary>Elementwise remainder with the sign of the divisor, as in NumPy.</summary>
    public static Tensor operator %(Tensor x, Tensor y) => Np.Remainder(x, y);

    /// <summary>Elementwise negation.</summary>
    public static Tensor operator -(Tensor x) => Np.Negative(x);

    /// <summary>The same values.</summary>
    public static Tensor operator +(Tensor x) => Lax.Unchanged(x);

    /// <summary>Elementwise complement of bits; logical for bool.</summary>
    public static Tensor operator ~(Tensor x) => Lax.Not(x);

    /// <summary>Logical negation of a bool tensor.</summary>
    public static Tensor operator !(Tensor x) => Np.LogicalNot(x);

    /// <summary>Elementwise and of bits; logical for bool.</summary>
    public static Tensor operator &(Tensor x, Tensor y) => Np.BitwiseAnd(x, y);

    /// <summary>Elementwise or of bits; logical for bool.</summary>
    public static Tensor operator |(Tensor x, Tensor y) => Np.BitwiseOr(x, y);

    /// <summary>Elementwise exclusive or of bits; logical for bool.</summary>
    public static Tensor operator ^(Tensor x, Tensor y) => Np.BitwiseXor(x, y);

    /// <summary>Elementwise x &lt; y, a bool tensor.</summary>
    public static Tensor operator <(Tensor x, Tensor y) => Np.Less(x, y);

    /// <summary>Elementwise x ≤ y, a bool tensor.</summary>
    public static Tensor operator <=(Tensor x, Tensor y) => Np.LessEqual(x, y);

    /// <summary>Elementwise x > y, a bool tensor.</summary>
    public static Tensor operator >(Tensor x, Tensor y) => Np.Greater(x, y);

    /// <summary>Elementwise x ≥ y, a bool tensor.</summary>
    public static Tensor operator >=(Tensor x, Tensor y) => Np.GreaterEqual(x, y);

    /// <inheritdoc cref="Np.MatMul"/>
    public Tensor MatMul(Tensor other) => Np.MatMul(this, other);

    /// <inheritdoc cref="Np.Dot"/>
    public Tensor Dot(Tensor other) => Np.Dot(this, other);

    /// <summary>The transposed tensor: axes in reverse order.</summary>
    public Tensor T => Np.Transpose(this);

    /// <inheritdoc cref="Np.Transpose"/>
    public Tensor Transpose(params int[] axes) => Np.Transpose(this, axes.Length == 0 ? null : axes);

    /// <inheritdoc cref="Np.Reshape"/>
    public Tensor Reshape(params ReadOnlySpan<int> shape) => Np.Reshape(this, shape);

    /// <summary>All elements in one axis.</summary>
    public Tensor Flatten() => Np.Reshape(this, -1);

    /// <summary>The values in another dtype, as <c>convert_element_type</c> converts.</summary>
    public Tensor AsType(DType dtype) => Lax.ConvertElementType(this, dtype);

    /// <inheritdoc cref="Np.Sum"/>
    public Tensor Sum(Axes axis = default, bool keepDims = false) => Np.Sum(this, axis, keepDims);

    /// <inheritdoc cref="Np.Mean"/>
    public Tensor Mean(Axes axis = default, bool keepDims = false) => Np.Mean(this, axis, keepDims);

    /// <inheritdoc cref="Np.Max"/>
    public Tensor Max(Axes axis = default, bool keepDims = false) => Np.Max(this, axis, keepDims);

    /// <inheritdoc cref="Np.Min"/>
    public Tensor Min(Axes axis = default, bool keepDims = false) => Np.Min(this, axis, keepDims);
}
