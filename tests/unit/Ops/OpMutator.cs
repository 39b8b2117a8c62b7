using System.Reflection;
using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.UnitTests.Ops;

/// <summary>Makes ops with arbitrary parameters out of sound ones.</summary>
internal static class OpMutator
{
    static readonly int[] Integers = [0, 1, 2, 3, -1, 7, int.MaxValue, int.MinValue];

    /// <summary>The op with one parameter changed, or null if it has none that can be.</summary>
    public static Op? Mutate(Op op, Random random) => (Op?)MutateRecord(op, random);

    static object? MutateRecord(object record, Random random)
    {
        var constructor = record.GetType().GetConstructors().MaxBy(c => c.GetParameters().Length)!;
        var parameters = constructor.GetParameters();
        if (parameters.Length == 0) return null;
        var arguments = Array.ConvertAll(parameters, p => record.GetType().GetProperty(p.Name!)!.GetValue(record));
        var index = random.Next(parameters.Length);
        arguments[index] = Mutate(arguments[index], random);
        return constructor.Invoke(BindingFlags.DoNotWrapExceptions, null, arguments, null);
    }

    static object? Mutate(object? value, Random random) => value switch
    {
        Window or GatherDimensionNumbers or ScatterDimensionNumbers or ConvDimensionNumbers => MutateRecord(value, random),
        Enum => Enum.GetValues(value.GetType()).GetValue(random.Next(Enum.GetValues(value.GetType()).Length)),
        int => Integers[random.Next(Integers.Length)],
        bool flag => !flag,
        ValueArray<int> items => Mutate(items, () => Integers[random.Next(Integers.Length)], random),
        ValueArray<PaddingConfig> items => Mutate(items, () => Padding(random), random),
        ValueArray<EdgePadding> items => Mutate(items, () => new(Integers[random.Next(Integers.Length)], Integers[random.Next(Integers.Length)]), random),
        ValueArray<(int, int)> items => Mutate(items, () => (Integers[random.Next(Integers.Length)], Integers[random.Next(Integers.Length)]), random),
        ValueArray<Program> items => Mutate(items, () => items.Count > 0 ? items[0] : null!, random),
        Shape shape => Shape.Create([.. Mutate(shape.ToValueArray(), () => random.Next(4), random)]),
        Program => new ProgramBuilder().Build(Operand.Of(Scalar.Of(1f))),
        _ => value,
    };

    static PaddingConfig Padding(Random random) =>
        new(Integers[random.Next(Integers.Length)], Integers[random.Next(Integers.Length)], Integers[random.Next(Integers.Length)]);

    static ValueArray<T> Mutate<T>(ValueArray<T> items, Func<T> next, Random random)
    {
        var mutated = items.ToList();
        switch (random.Next(3))
        {
            case 0: mutated.Insert(random.Next(mutated.Count + 1), next()); break;
            case 1 when mutated.Count > 0: mutated.RemoveAt(random.Next(mutated.Count)); break;
            case 2 when mutated.Count > 0: mutated[random.Next(mutated.Count)] = next(); break;
        }

        return mutated.ToValueArray();
    }
}
