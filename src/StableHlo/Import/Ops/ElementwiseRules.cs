using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.StableHlo.Import.Ops;

/// <summary>Operations that have an elementwise op of their own, and some that are made of two.</summary>
internal static class ElementwiseRules
{
    public static void AddTo(OpTable table)
    {
        Same(table, new Abs(), "stablehlo.abs");
        Same(table, new Atan2(), "stablehlo.atan2", complex: Atan2OfComplex);
        Same(table, new Cbrt(), "stablehlo.cbrt");
        Same(table, new Ceil(), "stablehlo.ceil");
        Same(table, new Cos(), "stablehlo.cosine");
        Same(table, new Clz(), "stablehlo.count_leading_zeros");
        Same(table, new Div(), "stablehlo.divide");
        Same(table, new Exp(), "stablehlo.exponential");
        Same(table, new Expm1(), "stablehlo.exponential_minus_one");
        Same(table, new Floor(), "stablehlo.floor");
        Same(table, new IsFinite(), "stablehlo.is_finite");
        Same(table, new Log(), "stablehlo.log");
        Same(table, new Log1p(), "stablehlo.log_plus_one");
        Same(table, new Logistic(), "stablehlo.logistic");
        Same(table, new Max(), "stablehlo.maximum", complex: static site => Extreme(site, new Gt()));
        Same(table, new Min(), "stablehlo.minimum", complex: static site => Extreme(site, new Lt()));
        Same(table, new Neg(), "stablehlo.negate");
        Same(table, new Not(), "stablehlo.not");
        Same(table, new And(), "stablehlo.and");
        Same(table, new Or(), "stablehlo.or");
        Same(table, new Xor(), "stablehlo.xor");
        Same(table, new PopulationCount(), "stablehlo.popcnt");
        Same(table, new Rem(), "stablehlo.remainder");
        Same(table, new Round(RoundingMethod.AwayFromZero), "stablehlo.round_nearest_afz");
        Same(table, new Round(RoundingMethod.ToNearestEven), "stablehlo.round_nearest_even");
        Same(table, new Rsqrt(), "stablehlo.rsqrt");
        Same(table, new ShiftLeft(), "stablehlo.shift_left");
        Same(table, new ShiftRightArithmetic(), "stablehlo.shift_right_arithmetic");
        Same(table, new ShiftRightLogical(), "stablehlo.shift_right_logical");
        Same(table, new Sign(), "stablehlo.sign");
        Same(table, new Sin(), "stablehlo.sine");
        Same(table, new Sqrt(), "stablehlo.sqrt");
        Same(table, new Sub(), "stablehlo.subtract");
        Same(table, new Tan(), "stablehlo.tan");
        Same(table, new Tanh(), "stablehlo.tanh");
        Same(table, new MakeComplex(), "stablehlo.complex");
        Same(table, new Acos(), "chlo.acos");
        Same(table, new Acosh(), "chlo.acosh");
        Same(table, new Asin(), "chlo.asin");
        Same(table, new Asinh(), "chlo.asinh");
        Same(table, new Atan(), "chlo.atan");
        Same(table, new Atanh(), "chlo.atanh");
        Same(table, new Conj(), "chlo.conj");
        Same(table, new Cosh(), "chlo.cosh");
        Same(table, new Digamma(), "chlo.digamma");
        Same(table, new Erf(), "chlo.erf");
        Same(table, new ErfInv(), "chlo.erf_inv");
        Same(table, new Erfc(), "chlo.erfc");
        Same(table, new Lgamma(), "chlo.lgamma");
        Same(table, new NextAfter(), "chlo.next_after");
        Same(table, new Sinh(), "chlo.sinh");
        Same(table, new Square(), "chlo.square");
        Same(table, new Tan(), "chlo.tan");

        // On i1 the dialect adds and multiplies in the field of two truth values with saturation: or, and.
        table.AddElementwise("stablehlo.add", site => Apply(site, IsBool(site) ? new Or() : new Add()));
        table.AddElementwise("stablehlo.multiply", site => Apply(site, IsBool(site) ? new And() : new Mul()));
        table.AddElementwise("stablehlo.power", site => site.SpecOf(site.X).DType.IsInteger ? IntegerPower.Add(site) : Apply(site, new Pow()));
        table.AddElementwise("stablehlo.real", site => site.SpecOf(site.X).DType.Is(DTypeKinds.Complex) ? site.Add(new Real(), site.X) : site.X);
        table.AddElementwise("stablehlo.imag", site => site.SpecOf(site.X).DType.Is(DTypeKinds.Complex) ? site.Add(new Imag(), site.X) : site.Add(new Sub(), site.X, site.X));
        table.AddElementwise("stablehlo.clamp", site => site.Add(new Clamp(), site.X, site.Y, site[2]));
        table.AddElementwise("stablehlo.select", site => site.Add(new SelectN(), site.X, site[2], site.Y));
        table.AddElementwise("stablehlo.reduce_precision", site =>
            Apply(site, new ReducePrecision(site.Int("exponent_bits"), site.Int("mantissa_bits"))));
        table.AddElementwise("chlo.is_inf", site => Infinite(site, new Abs()));
        table.AddElementwise("chlo.is_pos_inf", site => Infinite(site, null));
        table.AddElementwise("chlo.is_neg_inf", site => Infinite(site, new Neg()));
    }

    private static void Same(OpTable table, Elementwise op, string name, Func<OpSite, Operand>? complex = null) => table.AddElementwise(name, site =>
        complex is not null && site.SpecOf(site.X).DType.Is(DTypeKinds.Complex) ? complex(site) : Apply(site, op));

    private static Operand Apply(OpSite site, Elementwise op)
    {
        foreach (var operand in site.Operands)
            if (!op.AcceptsDType(site.SpecOf(operand).DType))
                throw site.Cannot($"{site.Name} of {site.SpecOf(operand).DType.Name}");
        return site.Add(op, site.Operands);
    }

    private static bool IsBool(OpSite site) => site.SpecOf(site.X).DType == DType.Bool;

    /// <summary>atan2(y, x) = −i log((x + iy) / √(x² + y²)).</summary>
    private static Operand Atan2OfComplex(OpSite site)
    {
        var (y, x, dtype) = (site.X, site.Y, site.SpecOf(site.X).DType);
        var i = Operand.Of(Scalar.Of(dtype, System.Numerics.Complex.ImaginaryOne));
        var radius = site.Add(new Sqrt(), site.Add(new Add(), site.Add(new Mul(), x, x), site.Add(new Mul(), y, y)));
        var direction = site.Add(new Div(), site.Add(new Add(), x, site.Add(new Mul(), i, y)), radius);
        return site.Add(new Neg(), site.Add(new Mul(), i, site.Add(new Log(), direction)));
    }

    /// <summary>The complex number that comes first, compared by real parts and, where these are equal, by imaginary ones.</summary>
    private static Operand Extreme(OpSite site, Comparison before)
    {
        Operand Compare<TPart>(Comparison comparison) where TPart : ElementwiseUnary, new() =>
            site.Add(comparison, site.Add(new TPart(), site.X), site.Add(new TPart(), site.Y));
        var isFirst = site.Add(new SelectN(), Compare<Real>(new Eq()), Compare<Real>(before), Compare<Imag>(before));
        return site.Add(new SelectN(), isFirst, site.Y, site.X);
    }

    private static Operand Infinite(OpSite site, Elementwise? turn) =>
        site.Add(new Eq(), turn is null ? site.X : site.Add(turn, site.X), OpSite.Literal(site.SpecOf(site.X).DType, double.PositiveInfinity));
}
