using System.Globalization;
using BrainState.Backends;
using BrainState.Programs;
using Xunit.Sdk;

namespace BrainState.UnitTests.Cpu;

/// <summary>A tensor of exact elements, with what the tests need to make, run and compare them.</summary>
internal sealed record Tensor(TensorSpec Spec, Element[] Elements)
{
    public static Tensor Of(TensorSpec spec, Func<long, Element> element)
    {
        var elements = new Element[spec.ElementCount];
        for (var i = 0; i < elements.Length; i++) elements[i] = element(i).RoundTo(spec.DType);
        return new(spec, elements);
    }

    public static Tensor Scalar(int value) => new(new(DType.Int32, Shape.Scalar), [Element.Of((Int128)value)]);

    public byte[] ToBytes()
    {
        var size = Spec.DType.Size;
        var bytes = new byte[Spec.ByteCount];
        for (var i = 0; i < Elements.Length; i++) Elements[i].Write(Spec.DType, bytes.AsSpan(i * size));
        return bytes;
    }

    public static Tensor FromBytes(TensorSpec spec, ReadOnlySpan<byte> bytes)
    {
        var size = spec.DType.Size;
        var elements = new Element[spec.ElementCount];
        for (var i = 0; i < elements.Length; i++) elements[i] = Element.Read(spec.DType, bytes[(i * size)..]);
        return new(spec, elements);
    }

    public IBuffer ToBuffer()
    {
        var memory = HostMemory.Allocate(Spec.ByteCount);
        ToBytes().CopyTo(memory.Span);
        var buffer = Backends.Cpu.FromHost(memory, Spec, Backends.Cpu.Devices[0]);
        memory.Release();
        return buffer;
    }

    public static Tensor FromBuffer(IBuffer buffer)
    {
        var bytes = new byte[buffer.Spec.ByteCount];
        buffer.CopyTo(bytes);
        return FromBytes(buffer.Spec, bytes);
    }

    /// <summary>Compiles and runs a program on the backend.</summary>
    public static Tensor[] Run(Program program, params Tensor[] arguments)
    {
        using var executable = Compile(program);
        return Run(executable, program, arguments);
    }

    public static IExecutable Compile(Program program) => Backends.Cpu.Compile(program, new() { Devices = [Backends.Cpu.Devices[0]] });

    public static Tensor[] Run(IExecutable executable, Program program, Tensor[] arguments, CancellationToken cancellation = default)
    {
        var inputs = Array.ConvertAll(arguments, static argument => argument.ToBuffer());
        var outputs = new IBuffer[program.Outputs.Length];
        try
        {
            executable.Execute(inputs, outputs, new() { Cancellation = cancellation });
            for (var i = 0; i < outputs.Length; i++) Assert.Equal(program.OutputSpecs[i], outputs[i].Spec);
            return Array.ConvertAll(outputs, FromBuffer);
        }
        finally
        {
            foreach (var buffer in inputs.Concat(outputs)) buffer?.Dispose();
        }
    }

    /// <summary>Fails unless the elements agree: integers exactly, floats within so many units in the last place or an absolute error.</summary>
    public void AssertClose(Tensor actual, string what, double ulps = 0, double absolute = 0)
    {
        if (Spec != actual.Spec) throw new XunitException($"{what}: expected {Spec}, got {actual.Spec}.");
        for (var i = 0; i < Elements.Length; i++)
        {
            if (IsClose(Elements[i], actual.Elements[i], ulps, absolute)) continue;
            throw new XunitException(string.Create(CultureInfo.InvariantCulture,
                $"{what}: element {i} of {Spec} should be {Show(Elements[i])}, but is {Show(actual.Elements[i])}."));
        }
    }

    private bool IsClose(Element expected, Element actual, double ulps, double absolute)
    {
        if (!expected.IsFloat) return expected == actual;
        var (x, y) = (expected.Float, actual.Float);
        if (double.IsNaN(x) || double.IsNaN(y)) return double.IsNaN(x) && double.IsNaN(y);
        if (x == y) return true;
        // One rounding step short of infinity is close to it.
        if (double.IsInfinity(x) || double.IsInfinity(y)) return ulps > 0 && Math.Sign(x) == Math.Sign(y) && Math.Min(Math.Abs(x), Math.Abs(y)) >= 0.999 * Largest;
        return Math.Abs(x - y) <= Math.Max(absolute, ulps * Element.Ulp(Spec.DType, x));
    }

    private double Largest => Spec.DType switch
    {
        DType.Float16 => 65504,
        DType.BFloat16 => 3.3895313892515355e38,
        DType.Float32 => float.MaxValue,
        _ => double.MaxValue,
    };

    private static string Show(Element element) =>
        element.IsFloat ? element.Float.ToString("R", CultureInfo.InvariantCulture) : element.Integer.ToString(CultureInfo.InvariantCulture);
}
