using BrainState.Ops;
using BrainState.Programs;
using BrainState.StableHlo.Syntax;

namespace BrainState.StableHlo.Import.Ops;

/// <summary>Functions, tuples, and operations that apply a region or function as it is.</summary>
internal static class FunctionRules
{
    public static void AddTo(OpTable table)
    {
        table.AddValues("func.call", site => Apply(site, site.Text("callee"), static (program, name) => new Call(program, name)));
        table.AddValues("stablehlo.composite", site =>
        {
            var function = site.Text("name");
            var attributes = site.Has("composite_attributes") ? Attributes(site, site.Attribute("composite_attributes")) : [];
            return Apply(site, site.Text("decomposition"), (program, _) => new Composite(function, attributes, program, null, null));
        });
        table.AddMany("stablehlo.map", Map);
        table.AddValues("stablehlo.tuple", static site => [Value.Tuple([.. site.Values])]);
        table.AddValues("stablehlo.get_tuple_element", static site =>
        {
            var index = site.Int("index");
            return site.Values is [{ Items: { } items }] && index >= 0 && index < items.Length ? [items[index]] : throw site.Error($"there is no item {index}");
        });
        table.AddMany("stablehlo.custom_call", CustomCall);
        table.Add("sdy.sharding_constraint", static site => site.X);
    }

    private static Value[] Apply(OpSite site, string function, Func<Program, string, Op> make)
    {
        var (program, constants) = site.Scope.Module.Import(function, site.Location);
        Operand[] arguments = [.. site.Values.SelectMany(static value => value.Leaves)];
        var results = new Queue<Operand>(site.AddAll(make(program, function), [.. constants.Select(site.Scope.Constant), .. arguments]));
        Value[] values = [.. Enumerable.Range(0, site.ResultCount).Select(i => Take(site, site.ResultType(i), results))];
        return results.Count == 0 ? values : throw site.Error($"@{function} returns {results.Count} tensors more than are taken");
    }

    /// <summary>The value of a type whose tensors come next.</summary>
    private static Value Take(OpSite site, MlirType type, Queue<Operand> tensors) =>
        type is TupleType tuple ? Value.Tuple([.. tuple.Items.Select(item => Take(site, item, tensors))])
            : tensors.TryDequeue(out var tensor) ? Value.Of(tensor)
            : throw site.Error("fewer tensors are returned than are taken");

    /// <summary>The region is written for scalars; its operations stand here for the tensors.</summary>
    private static Operand[] Map(OpSite site)
    {
        if (site.Regions is not [var region]) throw site.Error("a map has one region");
        site.RequireArguments(region, site.ScalarsOf(site.Operands));
        var scope = site.Scope.Elementwise();
        for (var i = 0; i < region.Arguments.Count; i++) scope.Define(region.Arguments[i].Name, Value.Of(site[i]));
        var shape = site.Result().Shape;
        return [.. site.Scope.Module.Run(region, scope).SelectMany(static value => value.Leaves)
            .Select(value => site.SpecOf(value).Shape == shape ? value : site.Add(new BroadcastInDim(shape, []), value))];
    }

    /// <summary>What JAX marks with calls that change no values.</summary>
    private static Operand[] CustomCall(OpSite site)
    {
        var target = site.Text("call_target_name");
        return target switch
        {
            "Sharding" or "annotate_device_placement" => site.Operands,
            "mhlo.erf" => [site.Add(new Erf(), site.X)],
            "mhlo.topk" when site.Attribute("mhlo.attributes") is DictionaryAttribute options && options.Items.GetValueOrDefault("k") is IntegerAttribute k
                => site.AddAll(new TopK((int)k.Value), site.X),
            _ => throw site.Cannot($"the custom call of \"{target}\""),
        };
    }

    private static ValueArray<OpParameter> Attributes(OpSite site, MlirAttribute attribute) => attribute is DictionaryAttribute dictionary
        ? dictionary.Items.OrderBy(static item => item.Key, StringComparer.Ordinal).Select(item => new OpParameter(item.Key, Parameter(site, item.Value))).ToValueArray()
        : throw site.Mismatch(attribute, "composite_attributes", "a dictionary");

    private static object? Parameter(OpSite site, MlirAttribute attribute) => attribute switch
    {
        UnitAttribute => true,
        BoolAttribute flag => flag.Value,
        IntegerAttribute { Value: var value } when value >= long.MinValue && value <= long.MaxValue => (long)value,
        FloatAttribute { Value: var value } when double.IsFinite(value) => value,
        StringAttribute text => text.Value,
        SymbolAttribute symbol => symbol.Name,
        TypeAttribute type => type.Type.ToString(),
        ArrayAttribute list => list.Items.Select(item => Parameter(site, item)).ToValueArray(),
        DictionaryAttribute dictionary => Attributes(site, dictionary).Select(object? (item) => OpParameter.Tuple(item.Name, item.Value)).ToValueArray(),
        _ => throw new NotExpressibleException(attribute.Location, "an attribute of a composite that is no number, text or list"),
    };
}
