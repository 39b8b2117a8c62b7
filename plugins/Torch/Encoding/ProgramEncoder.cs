using System.Collections;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using BrainState.Programs;

namespace BrainState.Torch.Encoding;

/// <summary>Programs as 64-bit words, of which <c>native/program/reader.h</c> has the grammar. Ops and parameters go by name, so a new op needs nothing here.</summary>
internal sealed class ProgramEncoder
{
    /// <summary>"BRAINST1", little-endian.</summary>
    private const long Magic = 0x3154534E49415242;

    private readonly List<long> words = [];

    private ProgramEncoder()
    {
    }

    /// <summary>The instruction list of <paramref name="program"/>.</summary>
    public static long[] Encode(Program program)
    {
        var encoder = new ProgramEncoder();
        encoder.words.Add(Magic);
        encoder.Add(program);
        return [.. encoder.words];
    }

    private void Add(Program program)
    {
        words.Add(program.ValueCount);
        for (var i = 0; i < program.ValueCount; i++) Add(program.SpecOf(i));
        words.Add(program.Inputs.Length);
        words.Add(program.Equations.Length);
        foreach (var equation in program.Equations) Add(equation);
        Add(program.Outputs.AsSpan());
    }

    private void Add(TensorSpec spec)
    {
        words.Add((long)spec.DType);
        words.Add(spec.Rank);
        foreach (var size in spec.Shape.Dims) words.Add(size);
    }

    private void Add(Equation equation)
    {
        Add(equation.Op.Name);
        var parameters = equation.Op.Parameters;
        words.Add(parameters.Count);
        foreach (var (name, value) in parameters)
        {
            Add(name);
            Add(value);
        }
        Add(equation.Inputs.AsSpan());
        words.Add(equation.Outputs.Length);
    }

    private void Add(ReadOnlySpan<Operand> operands)
    {
        words.Add(operands.Length);
        foreach (var operand in operands)
        {
            words.Add(operand.IsLiteral ? -1 : operand.Value);
            if (!operand.IsLiteral) continue;
            words.Add((long)operand.Literal.DType);
            words.Add((long)(ulong)operand.Literal.Bits);
            words.Add((long)(ulong)(operand.Literal.Bits >> 64));
        }
    }

    private void Add(string text)
    {
        var start = words.Count + 1;
        var bytes = System.Text.Encoding.UTF8.GetByteCount(text);
        words.Add(bytes);
        CollectionsMarshal.SetCount(words, start + (bytes + 7) / 8);
        var room = CollectionsMarshal.AsSpan(words)[start..];
        room.Clear();
        System.Text.Encoding.UTF8.GetBytes(text, MemoryMarshal.AsBytes(room));
    }

    private void Add(object? value)
    {
        switch (value)
        {
            case null:
                words.Add((long)Kind.Null);
                break;
            case bool flag:
                AddInteger(flag ? 1 : 0);
                break;
            case DType dtype:
                AddInteger((long)dtype);
                break;
            case double or float or Half:
                words.Add((long)Kind.Real);
                words.Add(BitConverter.DoubleToInt64Bits(Convert.ToDouble(value, CultureInfo.InvariantCulture)));
                break;
            case string or Enum:
                words.Add((long)Kind.Text);
                Add(value.ToString()!);
                break;
            case Program body:
                words.Add((long)Kind.Program);
                Add(body);
                break;
            case IEnumerable items:
                AddTuple(items);
                break;
            default:
                AddInteger(Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
        }
    }

    private void AddInteger(long value)
    {
        words.Add((long)Kind.Integer);
        words.Add(value);
    }

    private void AddTuple(IEnumerable items)
    {
        words.Add((long)Kind.Tuple);
        var count = words.Count;
        words.Add(0);
        foreach (var item in items)
        {
            Add(item);
            words[count]++;
        }
    }

    private enum Kind
    {
        Null,
        Integer,
        Real,
        Text,
        Tuple,
        Program,
    }
}
