using System.Runtime.CompilerServices;
using BrainState.Serialization;
using BrainState.Tracing;

namespace BrainState;

/// <summary>
/// Saves models and other trees of tensors to files and loads them again, in the MessagePack format of braintools and flax, byte for byte.
/// </summary>
/// <remarks>
/// <para>
/// What can be saved: States, snapshots of States and modules (as all their States), tensors, null, <see cref="bool"/>, integers,
/// floating-point and complex numbers, <see cref="string"/>, <see cref="byte"/>[], and containers of these: <see cref="FlattedDict{T}"/> and
/// <see cref="NestedDict{T}"/> (nested by path), dictionaries (keys become text), and arrays, lists and tuples (maps with the keys "0", "1", …).
/// </para>
/// <para>
/// A <see cref="double"/> is written as a Python float; <see cref="float"/>, <see cref="Half"/> and <see cref="BFloat16"/>, which Python does
/// not have, as NumPy scalars.
/// </para>
/// </remarks>
public static class Checkpoints
{
    /// <summary>
    /// Saves a target to a file, creating missing folders. The file is replaced as a whole: if anything fails, an existing one stays as it was.
    /// </summary>
    /// <param name="filename">The file.</param>
    /// <param name="target">What to save; see <see cref="Checkpoints"/>.</param>
    /// <param name="overwrite">Whether an existing file may be replaced.</param>
    /// <param name="verbose">Whether to say on the console what is being saved.</param>
    /// <returns><paramref name="filename"/>.</returns>
    /// <exception cref="ArgumentException">
    /// Something cannot be saved, or keys of a dictionary are equal as text; the message names the path.
    /// </exception>
    /// <exception cref="NotSupportedException">A tensor has 2 GiB or more.</exception>
    /// <exception cref="TracedValueException">A tensor is traced: saving is not possible inside a transformed function.</exception>
    /// <exception cref="CheckpointException">The file exists and <paramref name="overwrite"/> is off.</exception>
    public static string MsgpackSave(string filename, object? target, bool overwrite = true, bool verbose = true)
    {
        ArgumentException.ThrowIfNullOrEmpty(filename);
        if (verbose)
            Console.WriteLine($"Saving checkpoint into {filename}");
        var tree = CheckpointTree.Of(target);
        CheckpointFile.Write(filename, stream => MsgPack.Pack(tree, stream), overwrite);
        return filename;
    }

    /// <summary>Loads what a file holds, without knowing what was saved.</summary>
    /// <remarks>
    /// Maps, and so also the lists and tuples of .NET and Python, come back as <see cref="OrderedDictionary{TKey, TValue}"/> from
    /// <see cref="string"/> to object in the order of the file, arrays as <see cref="Tensor"/>, NumPy scalars as the .NET number of their type,
    /// integers as <see cref="long"/> (<see cref="ulong"/> beyond its range), floats as <see cref="double"/>. Saving the numbers again writes
    /// them as Python numbers where Python has them. Arrays of a type that tensors do
    /// not have (dates, texts) stay <see cref="ArrayLeaf"/>, and unknown extension values <see cref="ExtLeaf"/>.
    /// </remarks>
    /// <param name="filename">The file.</param>
    /// <param name="verbose">Whether to say on the console what is being loaded.</param>
    /// <param name="maxSize">The largest file to accept, in bytes.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="CheckpointException">The file is corrupt, or too large.</exception>
    [OverloadResolutionPriority(1)] // A second argument that is a bool is no target.
    public static object? MsgpackLoad(string filename, bool verbose = true, long? maxSize = null) =>
        CheckpointTree.Read(Unpack(filename, verbose, maxSize));

    /// <summary>
    /// Loads a file into a target. Its States (and those of its modules) get the values of the file in place; containers and other values are
    /// built anew with the structure and the types of the target, which stays as it is.
    /// </summary>
    /// <remarks>
    /// Dtypes are not compared: a State takes the dtype of the file. Numbers in the place of .NET numbers are converted to their type, integers
    /// only if they fit. A number in the place of a tensor is one without axes. Whatever exception this throws, no State has changed.
    /// </remarks>
    /// <param name="filename">The file.</param>
    /// <param name="target">The structure to load into; see <see cref="Checkpoints"/>.</param>
    /// <param name="mismatch">What to do where the file does not fit.</param>
    /// <param name="verbose">Whether to say on the console what is being loaded.</param>
    /// <param name="maxSize">The largest file to accept, in bytes.</param>
    /// <param name="onWarning">Gets the warnings of <see cref="MismatchPolicy.Warn"/>, which also go to <see cref="System.Diagnostics.Trace"/>.</param>
    /// <returns>The target if all that changed is in its States; otherwise another one of equal structure.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="CheckpointException">The file is corrupt, too large, or, under <see cref="MismatchPolicy.Error"/>, does not fit.</exception>
    /// <exception cref="NotSupportedException">A container of the target is of a type that cannot be built.</exception>
    public static T MsgpackLoad<T>(
        string filename,
        T target,
        MismatchPolicy mismatch = MismatchPolicy.Error,
        bool verbose = true,
        long? maxSize = null,
        Action<string>? onWarning = null)
    {
        if (!Enum.IsDefined(mismatch))
            throw new ArgumentOutOfRangeException(nameof(mismatch), mismatch, "Invalid mismatch policy.");

        var restorer = new CheckpointRestorer();
        var result = restorer.Restore(target, Unpack(filename, verbose, maxSize), typeof(T));
        Report(restorer.Mismatches, mismatch, onWarning);
        Store(restorer.Changes);
        return (T)result!;
    }

    static object? Unpack(string filename, bool verbose, long? maxSize)
    {
        ArgumentException.ThrowIfNullOrEmpty(filename);
        if (verbose && File.Exists(filename))
            Console.WriteLine($"Loading checkpoint from {filename}");
        using var file = CheckpointFile.Open(filename, maxSize);
        try
        {
            return MsgPack.Unpack(file);
        }
        catch (CheckpointException problem)
        {
            throw new CheckpointException($"Invalid checkpoint at \"{filename}\": {problem.Message}", problem);
        }
    }

    static void Report(List<string> mismatches, MismatchPolicy policy, Action<string>? onWarning)
    {
        if (policy == MismatchPolicy.Error && mismatches.Count > 0)
            throw new CheckpointException(string.Join('\n', mismatches));
        if (policy != MismatchPolicy.Warn)
            return;

        foreach (var mismatch in mismatches)
        {
            System.Diagnostics.Trace.TraceWarning(mismatch);
            onWarning?.Invoke(mismatch);
        }
    }

    /// <summary>Assigns all values, or none if a hook of a State refuses one.</summary>
    static void Store(List<(State State, Tensor Value)> changes)
    {
        var undo = new Stack<(State State, Tensor? Old)>();
        try
        {
            foreach (var (state, value) in changes)
            {
                // A State created inside a transform that has ended holds nothing to go back to.
                undo.Push((state, state.Stored.TracedBy is { IsActive: false } ? null : state.Peek()));
                state.Value = value;
            }
        }
        catch
        {
            foreach (var (state, old) in undo)
                if (old is not null)
                    state.Commit(old);
            throw;
        }

        // Outside of traces the old values are handles of our own: let the memory go now.
        if (Trace.Current is null)
            foreach (var (_, old) in undo)
                old?.Dispose();
    }
}
