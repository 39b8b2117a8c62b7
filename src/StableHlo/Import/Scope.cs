using BrainState.Ops;
using BrainState.Programs;
using BrainState.StableHlo.Syntax;

namespace BrainState.StableHlo.Import;

/// <summary>
/// Code that becomes one program: a function, or a region of an op that runs bodies. Bodies are closed, so what a region reads from outside becomes an input of its own.
/// </summary>
internal sealed class Scope
{
    private readonly Scope? outer;
    private readonly Dictionary<string, Value> values = [];
    private readonly Dictionary<Operand, Operand> captures = [];
    private readonly List<Operand> captured = [];
    private readonly Dictionary<DenseConstant, Operand> constants = new(ReferenceEqualityComparer.Instance);
    private readonly List<Operand> arguments = [];
    private readonly Dictionary<Operand, Op> sources = [];

    private Scope(ModuleImporter module, Scope? outer, ProgramBuilder builder, bool isElementwise) =>
        (Module, this.outer, Builder, IsElementwise) = (module, outer, builder, isElementwise);

    /// <summary>The module that the code is part of.</summary>
    public ModuleImporter Module { get; }

    /// <summary>Receives the equations.</summary>
    public ProgramBuilder Builder { get; }

    /// <summary>Whether the code is written for scalars and imported for tensors of equal shapes.</summary>
    public bool IsElementwise { get; }

    /// <summary>The tensors of the module that a function needs, in the order of its first inputs.</summary>
    public IEnumerable<DenseConstant> Constants => constants.Keys;

    /// <summary>What a region reads from outside, in the order of its first inputs.</summary>
    public IReadOnlyList<Operand> Captured => captured;

    /// <summary>The scope of a function.</summary>
    public static Scope Function(ModuleImporter module) => new(module, null, new(), isElementwise: false);

    /// <summary>The scope of a region that becomes a program of its own.</summary>
    public Scope Body() => new(Module, this, new(), isElementwise: false);

    /// <summary>The scope of a region whose equations stand among those of this scope, applied element by element.</summary>
    public Scope Elementwise() => new(Module, this, Builder, isElementwise: true);

    /// <summary>Adds an argument of the code.</summary>
    public void AddArgument(MlirArgument argument)
    {
        Operand Input(TensorSpec spec)
        {
            var input = Builder.AddInput(spec);
            arguments.Add(input);
            return input;
        }
        Value Structure(MlirType type) => type is TupleType tuple
            ? Value.Tuple([.. tuple.Items.Select(Structure)])
            : Value.Of(Input(Types.Spec(type, argument.Name.Location)));
        Define(argument.Name, Structure(argument.Type));
    }

    /// <summary>Gives a value its name.</summary>
    public void Define(ValueName name, Value value)
    {
        if (!values.TryAdd(name.Name, value)) throw new StableHloFormatException(name.Location, $"%{name.Name} is defined twice");
    }

    /// <summary>The value of a name; one that an outer scope defines is captured.</summary>
    public Value Read(ValueName name) => Find(name.Name) ?? throw new StableHloFormatException(name.Location, $"%{name.Name} is read before it is defined");

    /// <summary>Adds an equation with one result.</summary>
    public Operand Add(Op equation, params ReadOnlySpan<Operand> inputs)
    {
        var result = Builder.Add(equation, inputs);
        sources[result] = equation;
        return result;
    }

    /// <summary>The op with one result that a value of this scope comes from, if it comes from one.</summary>
    public Op? SourceOf(Operand operand) => sources.GetValueOrDefault(operand);

    /// <summary>A tensor of the module: an input of the function.</summary>
    public Operand Constant(DenseConstant constant)
    {
        if (outer is not null) return Capture(outer.Constant(constant));
        if (!constants.TryGetValue(constant, out var input)) constants.Add(constant, input = Builder.AddInput(constant.Spec));
        return input;
    }

    /// <summary>The program; its inputs are <see cref="Constants"/> or <see cref="Captured"/>, then the arguments.</summary>
    public Program Build(ReadOnlySpan<Operand> outputs) => Builder.Build(outputs, [.. constants.Values, .. captured.Select(c => captures[c]), .. arguments]);

    private Value? Find(string name) => values.TryGetValue(name, out var value) ? value : outer?.Find(name)?.Select(Capture);

    private Operand Capture(Operand operand)
    {
        if (operand.IsLiteral || Builder == outer!.Builder) return operand;
        if (captures.TryGetValue(operand, out var input)) return input;
        captured.Add(operand);
        return captures[operand] = Builder.AddInput(outer.Builder.SpecOf(operand));
    }
}
