using System.Numerics;
using BrainState.Ops;
using BrainState.Programs;
using BrainState.StableHlo.Syntax;

namespace BrainState.StableHlo.Import;

/// <summary>An operation where it is imported: its operands as tensors, its attributes as .NET values, and the builder for the equations.</summary>
internal sealed class OpSite(MlirOp op, Scope scope)
{
    private readonly Value[] operands = [.. op.Operands.Select(scope.Read)];

    /// <summary>The name of the operation.</summary>
    public string Name => op.Name;

    public Location Location => op.Location;

    public Scope Scope => scope;

    public IReadOnlyList<MlirRegion> Regions => op.Regions;

    /// <summary>The operands, tuples included.</summary>
    public IReadOnlyList<Value> Values => operands;

    /// <summary>The operands.</summary>
    public Operand[] Operands => [.. Enumerable.Range(0, operands.Length).Select(i => this[i])];

    /// <summary>The first operand.</summary>
    public Operand X => this[0];

    /// <summary>The second operand.</summary>
    public Operand Y => this[1];

    public Operand this[int index] => index < operands.Length
        ? operands[index].Tensor ?? throw Error($"operand {index} of {Name} is a tuple")
        : throw Error($"{Name} lacks operand {index}");

    /// <summary>The number of results.</summary>
    public int ResultCount => op.Type.Results.Count;

    /// <summary>The spec that the text declares for a result.</summary>
    public TensorSpec Result(int index = 0) =>
        index < ResultCount ? Types.Spec(op.Type.Results[index], op.Location) : throw Error($"{Name} lacks result {index}");

    /// <summary>The type that the text declares for a result.</summary>
    public MlirType ResultType(int index) => op.Type.Results[index];

    public TensorSpec SpecOf(Operand operand) => scope.Builder.SpecOf(operand);

    /// <summary>Adds an equation with one result.</summary>
    public Operand Add(Op equation, params ReadOnlySpan<Operand> inputs) => scope.Add(equation, inputs);

    /// <summary>Adds an equation.</summary>
    public Operand[] AddAll(Op equation, params ReadOnlySpan<Operand> inputs) => scope.Builder.AddAll(equation, inputs);

    /// <summary>A scalar.</summary>
    public static Operand Literal(DType dtype, double value) => Operand.Of(Scalar.Of(dtype, value));

    /// <summary>The operand with other sizes.</summary>
    public Operand Reshape(Operand x, Shape shape) => SpecOf(x).Shape == shape ? x : Add(new Reshape(shape), x);

    /// <summary>A region as a program.</summary>
    public Body Body(int region) =>
        region < Regions.Count ? scope.Module.ImportBody(Regions[region], scope) : throw Error($"{Name} lacks a region");

    /// <summary>A region that takes given arguments as a program. Regions that are read by pattern and become an op of their own are imported too, so that they are well-formed.</summary>
    public Body Body(int region, ReadOnlySpan<TensorSpec> arguments)
    {
        if (region < Regions.Count) RequireArguments(Regions[region], arguments);
        return Body(region);
    }

    /// <summary>The program of a region that reads nothing from outside.</summary>
    public Program Closed(Body body) =>
        body.Captured.Count == 0 ? body.Program : throw Cannot($"{Name} with a region that reads tensors from outside");

    /// <summary>Throws unless a region takes what <paramref name="arguments"/> says.</summary>
    public void RequireArguments(MlirRegion region, ReadOnlySpan<TensorSpec> arguments)
    {
        TensorSpec[] actual = [.. region.Arguments.Select(argument => Types.Spec(argument.Type, argument.Name.Location))];
        if (!actual.AsSpan().SequenceEqual(arguments))
            throw new StableHloFormatException(region.Location, $"the region of {Name} must take ({string.Join(", ", arguments.ToArray())}), but takes ({string.Join(", ", actual)})");
    }

    /// <summary>Scalars of the dtypes of some values.</summary>
    public TensorSpec[] ScalarsOf(params IEnumerable<Operand> values) => [.. values.Select(value => SpecOf(value).With(Shape.Scalar))];

    /// <summary>An error at this operation.</summary>
    public StableHloFormatException Error(string message) => new(op.Location, message);

    /// <summary>A construct that no program can express.</summary>
    public NotExpressibleException Cannot(string reason) => new(op.Location, reason);

    /// <summary>Whether an attribute is there.</summary>
    public bool Has(string name) => op.Attributes.ContainsKey(name);

    public MlirAttribute Attribute(string name) => op.Attributes.GetValueOrDefault(name) ?? throw Error($"{Name} lacks the attribute '{name}'");

    public int Int(string name) => ToInt(Attribute(name), name);

    public bool Flag(string name, bool absent) => op.Attributes.GetValueOrDefault(name) switch
    {
        null => absent,
        BoolAttribute flag => flag.Value,
        IntegerAttribute number => !number.Value.IsZero,
        UnitAttribute => true,
        var other => throw Mismatch(other, name, "true or false"),
    };

    /// <summary>A list of integers.</summary>
    public ValueArray<int> Ints(string name) => ToInts(Attribute(name), name);

    /// <summary>A list of integers, or <paramref name="count"/> times <paramref name="absent"/>.</summary>
    public ValueArray<int> Ints(string name, int count, int absent) => Has(name) ? Ints(name) : Enumerable.Repeat(absent, count).ToValueArray();

    /// <summary>A list of truth values; false where it is absent.</summary>
    public bool[] Flags(string name, int count) => Has(name) ? [.. Ints(name).Select(static flag => flag != 0)] : new bool[count];

    /// <summary>Pairs of padding before and after each axis; none where it is absent.</summary>
    public ValueArray<EdgePadding> Padding(string name, int count)
    {
        if (!Has(name)) return Enumerable.Repeat(default(EdgePadding), count).ToValueArray();
        var sizes = Ints(name);
        return sizes.Count % 2 == 0
            ? Enumerable.Range(0, sizes.Count / 2).Select(i => new EdgePadding(sizes[2 * i], sizes[2 * i + 1])).ToValueArray()
            : throw Mismatch(Attribute(name), name, "pairs of integers");
    }

    /// <summary>The word of an enum attribute such as <c>#stablehlo&lt;fft_type FFT&gt;</c>; null where it is absent.</summary>
    public string? Word(string name) => op.Attributes.GetValueOrDefault(name) switch
    {
        null => null,
        DialectAttribute { Body: { Length: > 0 } body } => body.Split(' ')[^1],
        StringAttribute text => text.Value,
        var other => throw Mismatch(other, name, "a word"),
    };

    /// <summary>A list of integers in a dialect attribute such as <c>#stablehlo.gather&lt;offset_dims = [1]&gt;</c>; empty where it is absent.</summary>
    public ValueArray<int> FieldInts(string name, string field) =>
        Fields(name).Fields.TryGetValue(field, out var value) ? ToInts(value, field) : [];

    /// <summary>An integer in a dialect attribute; 0 where it is absent.</summary>
    public int FieldInt(string name, string field) => Fields(name).Fields.TryGetValue(field, out var value) ? ToInt(value, field) : 0;

    public DialectAttribute Fields(string name) => Attribute(name) as DialectAttribute ?? throw Mismatch(Attribute(name), name, "an attribute of the dialect");

    public string Text(string name) => Attribute(name) switch
    {
        StringAttribute text => text.Value,
        SymbolAttribute symbol => symbol.Name,
        var other => throw Mismatch(other, name, "a name"),
    };

    public StableHloFormatException Mismatch(MlirAttribute attribute, string name, string expected) =>
        new(attribute.Location, $"'{name}' of {Name} must be {expected}");

    /// <summary>Throws unless the results are what the text declares.</summary>
    public void CheckResults(Value[] results)
    {
        if (results.Length != ResultCount) throw Error($"{Name} has {results.Length} results, but its type has {ResultCount}");
        for (var i = 0; i < results.Length; i++)
        {
            TensorSpec[] actual = [.. results[i].Leaves.Select(SpecOf)];
            TensorSpec[] declared = [.. Types.Flatten(op.Type.Results[i], op.Location)];
            var fit = scope.IsElementwise
                ? actual.Select(static spec => spec.DType).SequenceEqual(declared.Select(static spec => spec.DType))
                : actual.AsSpan().SequenceEqual(declared);
            if (!fit) throw Error($"result {i} of {Name} is declared as {op.Type.Results[i]}, but is {string.Join(", ", actual)}");
        }
    }

    private int ToInt(MlirAttribute attribute, string name) => attribute is IntegerAttribute { Value: var value } && value >= int.MinValue && value <= int.MaxValue
        ? (int)value
        : throw Mismatch(attribute, name, "an integer of 32 bits");

    private ValueArray<int> ToInts(MlirAttribute attribute, string name)
    {
        switch (attribute)
        {
            case ArrayAttribute list:
                return list.Items.Select(item => item is BoolAttribute flag ? (flag.Value ? 1 : 0) : ToInt(item, name)).ToValueArray();
            case DenseElements dense:
                var spec = Types.Spec(dense.Type, dense.Location);
                if (!spec.DType.Is(DTypeKinds.Bitwise)) throw Mismatch(attribute, name, "integers");
                var bytes = dense.Read(spec, out var isSplat).AsSpan();
                var items = new int[spec.ElementCount];
                for (var i = 0; i < items.Length; i++)
                {
                    var value = Scalar.Read(spec.DType, bytes[(isSplat ? 0 : i * spec.DType.Size)..]).ToInt64();
                    items[i] = value is >= int.MinValue and <= int.MaxValue ? (int)value : throw Mismatch(attribute, name, "integers of 32 bits");
                }
                return ValueArray.Create<int>(items);
            default:
                throw Mismatch(attribute, name, "integers");
        }
    }
}
