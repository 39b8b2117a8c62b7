using System.Text;

namespace BrainState.TorchTests;

/// <summary>Instruction lists as text, read by the grammar of <c>plugins/Torch/native/program/reader.h</c>.</summary>
internal ref struct InstructionReader(ReadOnlySpan<long> words)
{
    private readonly ReadOnlySpan<long> words = words;
    private int next;

    /// <summary>The text of a list, all of which is read.</summary>
    public static string Read(ReadOnlySpan<long> words)
    {
        var reader = new InstructionReader(words);
        Assert.Equal("BRAINST1", Encoding.ASCII.GetString(BitConverter.GetBytes(reader.Word())));
        var text = reader.Program();
        Assert.Equal(words.Length, reader.next);
        return text;
    }

    private long Word() => words[next++];

    private string Program()
    {
        var values = new string[Word()];
        for (var i = 0; i < values.Length; i++) values[i] = Spec();
        var text = new StringBuilder($"values {string.Join(' ', values)} inputs {Word()}\n");
        for (var left = Word(); left > 0; left--) text.Append(Equation());
        return text.Append($"return {Operands()}").ToString();
    }

    private string Equation()
    {
        var text = new StringBuilder(Text());
        for (var left = Word(); left > 0; left--) text.Append($" {Text()}={Value()}");
        return text.Append($" of {Operands()} gives {Word()}\n").ToString();
    }

    private string Spec()
    {
        var dtype = (DType)Word();
        var sizes = new int[Word()];
        for (var i = 0; i < sizes.Length; i++) sizes[i] = (int)Word();
        return new TensorSpec(dtype, sizes).ToString();
    }

    private string Operands()
    {
        var operands = new string[Word()];
        for (var i = 0; i < operands.Length; i++) operands[i] = Operand();
        return string.Join(' ', operands);
    }

    private string Operand()
    {
        if (Word() is >= 0 and var value) return $"%{value}";
        var dtype = (DType)Word();
        var low = (ulong)Word();
        return $"{dtype}:{new UInt128((ulong)Word(), low):x}";
    }

    private string Text()
    {
        var bytes = (int)Word();
        var text = Encoding.UTF8.GetString(System.Runtime.InteropServices.MemoryMarshal.AsBytes(words[next..])[..bytes]);
        next += (bytes + 7) / 8;
        return text;
    }

    private string Value() => Word() switch
    {
        0 => "null",
        1 => Word().ToString(),
        2 => BitConverter.Int64BitsToDouble(Word()).ToString("R"),
        3 => $"'{Text()}'",
        4 => $"({Items(Word())})",
        5 => $"{{{Program()}}}",
        var kind => throw new InvalidDataException($"There is no kind {kind} of values."),
    };

    private string Items(long count)
    {
        var items = new string[count];
        for (var i = 0; i < items.Length; i++) items[i] = Value();
        return string.Join(", ", items);
    }
}
