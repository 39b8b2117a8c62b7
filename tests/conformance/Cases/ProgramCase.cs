using BrainState.Interpretation;
using BrainState.Programs;

namespace BrainState.Conformance;

/// <summary>A program with inputs, and how its results are judged.</summary>
public sealed class ProgramCase : ConformanceCase
{
    private readonly Func<HostValue[]> inputs;

    /// <summary>A case whose inputs are made when they are needed.</summary>
    /// <param name="name">See <see cref="ConformanceCase.Name"/>.</param>
    /// <param name="program">The program, as a user would write it: the frontend legalises it for the backend.</param>
    /// <param name="inputs">The inputs; always the same ones.</param>
    /// <param name="check">How the results are judged.</param>
    public ProgramCase(string name, Program program, Func<HostValue[]> inputs, ProgramCheck check) : base(name) =>
        (Program, this.inputs, Check, Devices) = (program, inputs, check, check.Devices);

    /// <summary>The program.</summary>
    public Program Program { get; }

    /// <summary>The inputs.</summary>
    public HostValue[] Inputs => inputs();

    /// <summary>How the results are judged.</summary>
    public ProgramCheck Check { get; }

    /// <inheritdoc/>
    public override string ToText() => CaseFile.Write(this);

    /// <inheritdoc/>
    public override Deviation Run(ConformanceTarget target) => Check.Verify(target, Program, inputs());
}
