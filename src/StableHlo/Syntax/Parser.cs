namespace BrainState.StableHlo.Syntax;

/// <summary>
/// Reads MLIR text: modules and functions in their custom form, all other operations in generic form. Locations are skipped.
/// </summary>
/// <remarks>
/// <code>
/// file      = {alias} {operation} ["{-#" … "#-}"]
/// alias     = "#" name "=" attribute | "!" name "=" type
/// operation = [value [":" count] {"," value [":" count]} "="] (generic | module | function | return | call) ["loc" "(" … ")"]
/// generic   = string "(" [value {"," value}] ")" ["&lt;" dictionary "&gt;"] ["(" region {"," region} ")"] [dictionary] ":" function-type
/// region    = "{" ["^" name ["(" value ":" type {"," value ":" type} ")"] ":"] {operation} "}"
/// </code>
/// </remarks>
internal sealed partial class Parser
{
    private const int MaximumDepth = 200;
    private readonly Lexer lexer;
    private readonly Dictionary<string, MlirAttribute> attributeAliases = [];
    private readonly Dictionary<string, MlirType> typeAliases = [];
    private readonly Dictionary<string, MlirFunction> functions = [];
    private Token current;
    private int depth;

    private Parser(string text)
    {
        lexer = new(text);
        current = lexer.Next();
    }

    /// <summary>The functions of the text by name.</summary>
    public static IReadOnlyDictionary<string, MlirFunction> Parse(string text)
    {
        var parser = new Parser(text);
        parser.ParseFile();
        return parser.functions;
    }

    private Location Here => lexer.LocationOf(current.Start);

    private void ParseFile()
    {
        while (current.Kind != TokenKind.End)
        {
            if (current.Kind == TokenKind.Hash) ParseAlias(attributeAliases, ParseAttribute);
            else if (current.Kind == TokenKind.Bang) ParseAlias(typeAliases, ParseType);
            else if (current.Is("{-#")) SkipResources();
            else ParseTopLevel();
        }
    }

    private void ParseAlias<T>(Dictionary<string, T> aliases, Func<T> parse)
    {
        var name = Advance();
        Expect("=");
        // The place of a location is never asked for, and what it refers to may follow.
        if (current.IsWord("loc")) SkipLocation();
        else if (!aliases.TryAdd(name.Text, parse())) throw lexer.Error(name.Start, $"{name} is defined twice");
    }

    /// <summary>Resources are blobs that attributes refer to by name; those attributes say so where they are read.</summary>
    private void SkipResources()
    {
        while (!current.Is("#-}"))
        {
            if (current.Kind == TokenKind.End) throw Unexpected("'#-}'");
            Advance();
        }
        Advance();
    }

    /// <summary>A module or a function; a module within a module lends its functions to the outer one.</summary>
    private void ParseTopLevel()
    {
        if (current.IsWord("module") || current.IsWord("builtin.module"))
        {
            Advance();
            if (current.Kind == TokenKind.Symbol) Advance();
            if (TryWord("attributes")) ParseDictionary();
            Expect("{");
            while (!TryPunctuation("}")) ParseTopLevel();
            SkipLocation();
        }
        else if (current.IsWord("func.func") || current.IsWord("func")) AddFunction(ParseFunction());
        else if (current.Kind == TokenKind.String) AddGeneric(ParseGeneric(current.Start, []));
        else throw Unexpected("a module or a function");
    }

    private void AddGeneric(MlirOp op)
    {
        if (op.Name == "builtin.module")
            foreach (var nested in op.Regions.SelectMany(static region => region.Ops))
                AddGeneric(nested);
        else if (op.Name == "func.func") AddFunction(ToFunction(op));
        else if (op.Name != "sdy.mesh") throw new StableHloFormatException(op.Location, $"{op.Name} does not stand in a function");
    }

    private void AddFunction(MlirFunction function)
    {
        if (!functions.TryAdd(function.Name, function)) throw new StableHloFormatException(function.Location, $"the function @{function.Name} is defined twice");
    }

    private static MlirFunction ToFunction(MlirOp op)
    {
        var name = op.Attributes.GetValueOrDefault("sym_name") as StringAttribute
            ?? throw new StableHloFormatException(op.Location, "func.func has no sym_name");
        if (op.Attributes.GetValueOrDefault("function_type") is not TypeAttribute { Type: FunctionType type })
            throw new StableHloFormatException(op.Location, "func.func has no function_type");
        var body = op.Regions is [{ Ops.Count: > 0 } region] ? region : null;
        MlirArgument[] arguments = [.. type.Inputs.Select((input, i) => new MlirArgument(new($"arg{i}", op.Location), input))];
        if (body is not null && !body.Arguments.Select(static a => a.Type).SequenceEqual(type.Inputs))
            throw new StableHloFormatException(op.Location, $"the body of @{name.Value} does not take what its type {type} says");
        return new(name.Value, body?.Arguments ?? arguments, type.Results, body, op.Location);
    }

    /// <summary><c>func.func [visibility] @name(arguments) [-> results] [attributes {…}] [{ … }]</c>.</summary>
    private MlirFunction ParseFunction()
    {
        var location = Here;
        Advance();
        if (current.IsWord("private") || current.IsWord("public") || current.IsWord("nested")) Advance();
        var name = Expect(TokenKind.Symbol, "the name of the function").Text;
        Expect("(");
        var arguments = ParseSequence(")", () =>
        {
            var argument = current.Kind == TokenKind.Value ? ParseArgument() : new(new($"arg{current.Start}", Here), ParseType());
            if (current.Is("{")) ParseDictionary();
            SkipLocation();
            return argument;
        });
        ValueArray<MlirType> results = [];
        if (TryPunctuation("->")) results = ParseResultTypes();
        if (TryWord("attributes")) ParseDictionary();
        var body = current.Is("{") ? ParseRegion() with { Arguments = arguments } : null;
        SkipLocation();
        return new(name, arguments, results, body, location);
    }

    private ValueArray<MlirType> ParseResultTypes()
    {
        MlirType Result()
        {
            var type = ParseType();
            if (current.Is("{")) ParseDictionary();
            return type;
        }
        return TryPunctuation("(") ? ParseSequence(")", Result).ToValueArray() : [ParseType()];
    }

    private MlirRegion ParseRegion()
    {
        var location = Here;
        if (++depth > MaximumDepth) throw lexer.Error(current.Start, $"regions are nested deeper than {MaximumDepth}");
        Expect("{");
        IReadOnlyList<MlirArgument> arguments = [];
        if (current.Kind == TokenKind.Block)
        {
            Advance();
            if (TryPunctuation("("))
            {
                arguments = ParseSequence(")", () =>
                {
                    var argument = ParseArgument();
                    SkipLocation();
                    return argument;
                });
            }
            Expect(":");
        }
        var ops = new List<MlirOp>();
        while (!TryPunctuation("}"))
        {
            if (current.Kind == TokenKind.Block) throw new NotExpressibleException(Here, "branches between blocks");
            ops.Add(ParseOperation());
        }
        depth--;
        return new(arguments, ops, location);
    }

    private MlirArgument ParseArgument()
    {
        var name = ParseValue();
        Expect(":");
        return new(name, ParseType());
    }

    private MlirOp ParseOperation()
    {
        var start = current.Start;
        var results = new List<ValueName>();
        if (current.Kind == TokenKind.Value)
        {
            do ParseResults(results);
            while (TryPunctuation(","));
            Expect("=");
        }
        if (current.Kind == TokenKind.String) return ParseGeneric(start, results);
        var name = current.Text;
        return current.Kind != TokenKind.Word ? throw Unexpected("an operation")
            : name is "func.return" or "return" ? ParseReturn()
            : name is "func.call" or "call" ? ParseCall(results)
            : name is "func.func" or "func" or "module" or "builtin.module" ? throw Unexpected("an operation of a function")
            : throw Unexpected("an operation in generic form, such as \"stablehlo.add\"(…); print the module with --mlir-print-op-generic");
    }

    /// <summary><c>%name</c> or, for several results, <c>%name:count</c>.</summary>
    private void ParseResults(List<ValueName> results)
    {
        var value = ParseValue();
        if (value.Name.Contains('#')) throw new StableHloFormatException(value.Location, "a '#' stands where a value is read, not where it is defined");
        results.Add(value);
        if (!TryPunctuation(":")) return;
        var count = Expect(TokenKind.Integer, "the number of results");
        if (!int.TryParse(count.Text, out var number) || number is < 1 or > 1 << 16) throw lexer.Error(count.Start, "the number of results must be from 1 to 65536");
        for (var i = 1; i < number; i++) results.Add(value with { Name = $"{value.Name}#{i}" });
    }

    private MlirOp ParseGeneric(int start, IReadOnlyList<ValueName> results)
    {
        var location = lexer.LocationOf(start);
        var name = Advance().Text;
        Expect("(");
        var operands = ParseSequence(")", ParseValue);
        var attributes = MlirOp.NoAttributes;
        if (TryPunctuation("<"))
        {
            attributes = ParseDictionary();
            Expect(">");
        }
        IReadOnlyList<MlirRegion> regions = [];
        if (current.Is("(")) regions = [.. ParseRegions()];
        if (current.Is("{")) attributes = new Dictionary<string, MlirAttribute>([.. attributes, .. ParseDictionary().Where(a => !attributes.ContainsKey(a.Key))]);
        if (current.Is("[")) throw new NotExpressibleException(Here, "branches between blocks");
        Expect(":");
        var type = ParseFunctionType();
        SkipLocation();
        if (type.Inputs.Count != operands.Count) throw new StableHloFormatException(location, $"{name} has {operands.Count} operands, but its type has {type.Inputs.Count}");
        if (results.Count != 0 && type.Results.Count != results.Count)
            throw new StableHloFormatException(location, $"{results.Count} results of {name} are named, but its type has {type.Results.Count}");
        return new(name, location) { Results = results, Operands = operands, Attributes = attributes, Regions = regions, Type = type };
    }

    private List<MlirRegion> ParseRegions()
    {
        Expect("(");
        return ParseSequence(")", ParseRegion);
    }

    /// <summary><c>func.return %0, %1 : t0, t1</c>.</summary>
    private MlirOp ParseReturn()
    {
        var location = Here;
        Advance();
        var operands = new List<ValueName>();
        var types = new List<MlirType>();
        if (current.Kind == TokenKind.Value)
        {
            do operands.Add(ParseValue());
            while (TryPunctuation(","));
            Expect(":");
            do types.Add(ParseType());
            while (TryPunctuation(","));
        }
        SkipLocation();
        if (operands.Count != types.Count) throw new StableHloFormatException(location, $"{operands.Count} values are returned with {types.Count} types");
        return new("func.return", location) { Operands = operands, Type = new(types.ToValueArray(), []) };
    }

    /// <summary><c>func.call @name(%0) {…} : (t0) -> t1</c>.</summary>
    private MlirOp ParseCall(IReadOnlyList<ValueName> results)
    {
        var location = Here;
        Advance();
        var callee = Expect(TokenKind.Symbol, "the called function");
        Expect("(");
        var operands = ParseSequence(")", ParseValue);
        if (current.Is("{")) ParseDictionary();
        Expect(":");
        var type = ParseFunctionType();
        SkipLocation();
        if (type.Inputs.Count != operands.Count || type.Results.Count != results.Count)
            throw new StableHloFormatException(location, $"the call of @{callee.Text} does not fit its type {type}");
        var attributes = new Dictionary<string, MlirAttribute> { ["callee"] = new SymbolAttribute(callee.Text, location) };
        return new("func.call", location) { Results = results, Operands = operands, Attributes = attributes, Type = type };
    }

    private ValueName ParseValue()
    {
        var location = Here;
        var name = Expect(TokenKind.Value, "a value").Text;
        return new(name.EndsWith("#0", StringComparison.Ordinal) ? name[..^2] : name, location);
    }

    private void SkipLocation()
    {
        if (!TryWord("loc")) return;
        if (!current.Is("(")) throw Unexpected("'('");
        lexer.TakeBalanced(')');
        current = lexer.Next();
    }
}
