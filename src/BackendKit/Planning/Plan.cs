using BrainState.BackendKit.Execution;
using BrainState.BackendKit.Steps;

namespace BrainState.BackendKit.Planning;

/// <summary>A program with what is known before it runs: its steps, and who reads each value last.</summary>
internal sealed class Plan(int valueCount, int[] unusedInputs, PlannedStep[] steps, Source[] outputs)
{
    /// <summary>Runs the program. It owns the inputs, which are null afterwards, and the caller owns the outputs.</summary>
    public Value[] Execute(Run run, Value?[] inputs)
    {
        var values = new Value?[valueCount];
        Array.Copy(inputs, values, inputs.Length);
        Array.Clear(inputs);
        try
        {
            Drop(values, unusedInputs);
            foreach (var step in steps)
            {
                run.ThrowIfStopped();
                var results = Execute(step, run, values);
                results.CopyTo(values, step.FirstOutput);
                Drop(values, step.UnusedOutputs);
            }
            return Take(outputs, run, values)!;
        }
        finally
        {
            Value.ReleaseAll(values);
        }
    }

    /// <summary>Whether an input takes part in the outputs.</summary>
    public bool Reads(int input) => Array.IndexOf(unusedInputs, input) < 0;

    private static Value[] Execute(PlannedStep step, Run run, Value?[] values)
    {
        var operands = Take(step.Inputs, run, values);
        try
        {
            return step.Step.Execute(run, operands);
        }
        finally
        {
            Value.ReleaseAll(operands);
        }
    }

    private static Value?[] Take(Source[] sources, Run run, Value?[] values)
    {
        var taken = new Value?[sources.Length];
        for (var i = 0; i < taken.Length; i++) taken[i] = sources[i].Take(values, run.Literals);
        return taken;
    }

    private static void Drop(Value?[] values, int[] unused)
    {
        foreach (var index in unused)
        {
            values[index]!.Release();
            values[index] = null;
        }
    }
}

/// <summary>A step with where its operands come from and its results go to.</summary>
internal sealed record PlannedStep(Step Step, Source[] Inputs, int FirstOutput, int[] UnusedOutputs);
