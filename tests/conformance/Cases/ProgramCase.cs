using BrainState.Interpretation;
using BrainState.Programs;

namespace BrainState.Conformance;

/// <summary>A program with inputs, and how its results are judged.</summary>
public sealed class ProgramCase : ConformanceCase
{
    private readonly Func<(Program Program, HostValue[] Inputs)> make;

    /// <summary>A case whose inputs are made when they are needed.</summary>
    /// <param name="name">See <see cref="ConformanceCase.Name"/>.</param>
    /// <param name="program">The program, as a user would write it: the frontend legalises it for the backend.</param>
    /// <param name="inputs">The inputs; always the same ones.</param>
    /// <param name="check">How the results are judged.</param>
    public ProgramCase(string name, Program program, Func<HostValue[]> inputs, ProgramCheck check) : this(name, () => (program, inputs()), check)
    {
    }

    /// <summary>A case whose program too is made when it is needed, because that takes time.</summary>
    /// <param name="name">See <see cref="ConformanceCase.Name"/>.</param>
    /// <param name="make">The program and its inputs; always the same ones.</param>
    /// <param name="check">How the results are judged.</param>
    public ProgramCase(string name, Func<(Program Program, HostValue[] Inputs)> make, ProgramCheck check) : base(name) => (this.make, Check, Devices) = (make, check, check.Devices);

    /// <summary>The program.</summary>
    public Program Program => make().Program;

    /// <summary>The inputs.</summary>
    public HostValue[] Inputs => make().Inputs;

    /// <summary>How the results are judged.</summary>
    public ProgramCheck Check { get; }

    /// <inheritdoc/>
    public override string ToText() => CaseFile.Write(this);

    /// <inheritdoc/>
    public override Deviation Run(ConformanceTarget target)
    {
        var (program, inputs) = make();
        return Check.Verify(target, program, inputs);
    }
}
