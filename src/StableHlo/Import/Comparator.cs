using BrainState.StableHlo.Syntax;

namespace BrainState.StableHlo.Import;

/// <summary>Which number of an operand's element a comparator compares.</summary>
internal enum KeyPart
{
    /// <summary>The element.</summary>
    Whole,
    /// <summary>The real part.</summary>
    Real,
    /// <summary>The imaginary part.</summary>
    Imaginary,
}

/// <summary>One of the keys by which a comparator orders, the first one first.</summary>
/// <param name="Operand">The operand of the sort that holds the key.</param>
/// <param name="Part">The part of it.</param>
/// <param name="IsDescending">Whether larger keys come first.</param>
/// <param name="IsTotal">Whether −0 comes before 0 and NaNs are ordered by sign and bits, as in the total order of IEEE 754.</param>
internal readonly record struct SortKey(int Operand, KeyPart Part, bool IsDescending, bool IsTotal);

/// <summary>
/// Recognises the regions of sorts: comparisons of one or more keys. A key may be made canonical first, as JAX does with floats: any zero becomes 0 and any NaN the same one.
/// The order that a total comparison then gives is that of the op: −0 equals 0, and NaN comes last.
/// </summary>
internal sealed class Comparator
{
    private readonly Dictionary<string, MlirOp> definitions;
    private readonly Dictionary<string, int> arguments = [];

    private Comparator(MlirRegion region)
    {
        definitions = region.Ops.Where(static op => op.Results.Count == 1).ToDictionary(static op => op.Results[0].Name);
        for (var i = 0; i < region.Arguments.Count; i++) arguments.Add(region.Arguments[i].Name.Name, i);
    }

    private enum Canonical
    {
        Raw,
        Zeros,
        ZerosAndNaNs,
    }

    private readonly record struct Key(int Argument, KeyPart Part, Canonical Form);

    /// <summary>The keys, or null where the region is something else.</summary>
    public static SortKey[]? Recognize(MlirRegion region)
    {
        if (region.Ops is not [.., { Name: "stablehlo.return", Operands: [var result] }]) return null;
        var keys = new List<SortKey>();
        return new Comparator(region).AddKeys(result.Name, keys) ? [.. keys] : null;
    }

    /// <summary>a &lt; b, or for several keys: a₀ &lt; b₀ or (a₀ = b₀ and the rest).</summary>
    private bool AddKeys(string name, List<SortKey> keys)
    {
        switch (Find(name))
        {
            case { Name: "stablehlo.compare" } compare:
                if (ReadOrder(compare) is not { } key) return false;
                keys.Add(key);
                return true;
            case { Name: "stablehlo.or", Operands: [var first, var otherwise] } when Find(otherwise.Name) is { Name: "stablehlo.and", Operands: [var equal, var rest] }:
                return AddKeys(first.Name, keys) && IsEquality(equal.Name, keys[^1].Operand) && AddKeys(rest.Name, keys);
            case { Name: "stablehlo.select", Operands: [var equal, var rest, var first] }:
                return AddKeys(first.Name, keys) && IsEquality(equal.Name, keys[^1].Operand) && AddKeys(rest.Name, keys);
            default:
                return false;
        }
    }

    private SortKey? ReadOrder(MlirOp compare)
    {
        if (Direction(compare) is not ("LT" or "GT") || ReadPair(compare) is not var (left, right)) return null;
        var isTotal = (compare.Attributes.GetValueOrDefault("compare_type") as DialectAttribute)?.Body == "comparison_type TOTALORDER";
        // Zeros alone made canonical leave NaNs in the total order, which the op does not have.
        if (isTotal && left.Form == Canonical.Zeros) return null;
        var isSwapped = left.Argument > right.Argument;
        return new(left.Argument / 2, left.Part, Direction(compare) == "GT" != isSwapped, isTotal && left.Form == Canonical.Raw);
    }

    private bool IsEquality(string name, int operand) =>
        Find(name) is { Name: "stablehlo.compare" } compare && Direction(compare) == "EQ" && ReadPair(compare) is var (left, _) && left.Argument / 2 == operand;

    /// <summary>The same key of the two elements that are compared.</summary>
    private (Key Left, Key Right)? ReadPair(MlirOp compare) =>
        compare.Operands is [var x, var y] && ReadKey(x.Name) is { } left && ReadKey(y.Name) is { } right
        && left.Argument != right.Argument && left.Argument / 2 == right.Argument / 2 && (left.Part, left.Form) == (right.Part, right.Form)
            ? (left, right)
            : null;

    private Key? ReadKey(string name)
    {
        if (arguments.TryGetValue(name, out var argument)) return new(argument, KeyPart.Whole, Canonical.Raw);
        switch (Find(name))
        {
            case { Name: "stablehlo.real" or "stablehlo.imag", Operands: [var x] } part when ReadKey(x.Name) is { Part: KeyPart.Whole, Form: Canonical.Raw } whole:
                return whole with { Part = part.Name == "stablehlo.real" ? KeyPart.Real : KeyPart.Imaginary };
            case { Name: "stablehlo.select", Operands: [var condition, var replacement, var kept] }
                when Find(condition.Name) is { Name: "stablehlo.compare", Operands: [var left, var right] } compare && Find(replacement.Name) is { Name: "stablehlo.constant" }:
                if (ReadKey(left.Name) is not { Form: Canonical.Raw } raw || ReadKey(kept.Name) is not { } rest || (raw.Argument, raw.Part) != (rest.Argument, rest.Part)) return null;
                if (Direction(compare) == "EQ" && rest.Form == Canonical.Raw && Find(right.Name) is { Name: "stablehlo.constant" } zero && IsZero(zero))
                    return raw with { Form = Canonical.Zeros };
                return Direction(compare) == "NE" && left.Name == right.Name && rest.Form == Canonical.Zeros ? raw with { Form = Canonical.ZerosAndNaNs } : null;
            default:
                return null;
        }
    }

    private static bool IsZero(MlirOp constant) =>
        constant.Attributes.GetValueOrDefault("value") is DenseNumbers { Numbers: [var number] } && number.Digits.All(static c => c is '0' or '.' or 'e' or 'E' or '+' or '-');

    private static string? Direction(MlirOp compare) =>
        (compare.Attributes.GetValueOrDefault("comparison_direction") as DialectAttribute)?.Body.Split(' ')[^1];

    private MlirOp? Find(string name) => definitions.GetValueOrDefault(name);
}
