using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace BrainState.Programs;

/// <summary>What has become of each value of a program while it is copied. The memory is rented and must be returned by disposing.</summary>
internal readonly struct OperandMap(int valueCount) : IDisposable
{
    private readonly Operand[] operands = Rent(valueCount);

    /// <summary>What value number <paramref name="value"/> has become.</summary>
    public ref Operand this[int value] => ref operands[value];

    /// <summary>Says that the results of an equation, from <paramref name="first"/> on, are these operands.</summary>
    public void Set(int first, ReadOnlySpan<Operand> results) => results.CopyTo(operands.AsSpan(first));

    /// <summary>Says that the results of an equation, from <paramref name="first"/> on, are those of another.</summary>
    public void Set(int first, Equation equation)
    {
        for (var i = 0; i < equation.Outputs.Length; i++) operands[first + i] = Operand.Of(equation.FirstOutput + i);
    }

    /// <summary>What has become of an operand.</summary>
    public Operand Of(Operand operand) => operand.IsLiteral ? operand : operands[operand.Value];

    /// <summary>What has become of operands.</summary>
    public ImmutableArray<Operand> Of(ImmutableArray<Operand> before)
    {
        Operand[]? after = null;
        for (var i = 0; i < before.Length; i++)
        {
            if (Of(before[i]) is var operand && operand == before[i]) continue;
            after ??= [.. before];
            after[i] = operand;
        }
        return after is null ? before : ImmutableCollectionsMarshal.AsImmutableArray(after);
    }

    public void Dispose() => ArrayPool<Operand>.Shared.Return(operands);

    // Cleared, so that a rewriting that reads what it dropped gives the same wrong program each time, and none with another program's values.
    private static Operand[] Rent(int valueCount)
    {
        var operands = ArrayPool<Operand>.Shared.Rent(valueCount);
        operands.AsSpan(0, valueCount).Clear();
        return operands;
    }
}
