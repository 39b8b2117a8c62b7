using BrainState.Conformance;
using BrainState.Backends;
using BrainState.Interpretation;
using BrainState.Ops;
using BrainState.Programs;
using BrainState.UnitTests.Batching;
using BrainState.Conformance.Generation;
using BrainState.UnitTests.Interpretation;

namespace BrainState.UnitTests.BackendKit;

/// <summary>Programs run by the kit, one kernel at a time, against the interpreter as a whole: they agree to the last bit, in what they say too, and leave nothing behind.</summary>
public sealed class DifferentialTests
{
    private static readonly string[] Bodies = [.. BodyOpGenerators.Table.Keys];
    private static readonly string[] Collectives = [.. EffectGenerators.Collectives.Keys];

    public static TheoryData<string> BodiesAndEffects => [.. Bodies, .. EffectGenerators.Effects.Keys, "optimization_barrier", "stop_gradient"];

    [Fact]
    public void RandomProgramsAgree() => Property.Check(1000, static seed => Check(new ProgramGenerator(seed) { Ops = OpGenerators.WithoutAxis, TameNames = true }.Next(), seed));

    [Theory, MemberData(nameof(BodiesAndEffects))]
    public void BodiesAndEffectsAgree(string op) => Property.Check(100, seed =>
        Check(new ProgramGenerator(seed) { Ops = [.. Bodies, .. EffectGenerators.Effects.Keys, "neg", "add", "lt", "broadcast_in_dim", "reshape", op], MaxEquations = 5, TameNames = true }.NextWith(op), seed));

    [Fact]
    public void CollectivesAgreeAndLeaveNothingBehind() => Property.Check(300, seed =>
    {
        var (size, random) = (2 + (seed % 2), new Random(seed));
        var generator = new ProgramGenerator(seed)
        {
            Axis = ("i", size), Ops = [.. Collectives, .. Bodies, "neg", "broadcast_in_dim", "reshape"], MaxEquations = 4, TameNames = true,
        };
        var program = generator.NextWith(Collectives[seed % Collectives.Length]);
        HostValue[][] inputs = [.. Enumerable.Range(0, size).Select(_ => program.Inputs.Select(spec => HostLanes.Random(spec, random, isTame: false)).ToArray())];
        using var backend = new CountedBackend(devices: size);
        var actual = backend.Execute(program, [.. inputs.SelectMany(static some => some)]);
        var difference = Exactness.Difference([.. Interpreter.RunReplicated(program, "i", inputs).SelectMany(static some => some)], actual);
        Assert.True(difference is null, $"{difference}\n{program.ToFullText()}");
        Assert.Equal((0, 0), (backend.Live, backend.DoubleFrees));
    });

    private static void Check(Program program, int seed)
    {
        var random = new Random(seed);
        HostValue[] inputs = [.. program.Inputs.Select(spec => HostLanes.Random(spec, random, isTame: false))];
        var (expectedText, actualText) = (new List<string>(), new List<string>());
        var expected = Interpreter.Run(program, inputs, new() { Print = expectedText.Add });
        using var backend = new CountedBackend();
        var actual = backend.Execute(program, inputs, new() { Effects = (op, operands) => actualText.Add(EffectText.Format(((DebugPrint)op).Format, operands)) });
        var difference = Exactness.Difference(expected, actual);
        Assert.True(difference is null, $"{difference}\n{program.ToFullText()}");
        Assert.Equal(expectedText, actualText);
        Assert.Equal((0, 0), (backend.Live, backend.DoubleFrees));
    }
}
