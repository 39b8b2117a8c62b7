using System.Collections.Immutable;
using BrainState.Tracing;

namespace BrainState;

/// <summary>
/// Ambient settings by name, such as the training flag <c>fit</c> or the time step <c>dt</c>. A scoped value hides a global one and flows
/// with <c>async</c>/<c>await</c>. What a jitted function reads here is part of its key: another value means another trace.
/// </summary>
public static class Environ
{
    /// <summary>The training flag that Dropout and BatchNorm read.</summary>
    public const string Fit = "fit";

    /// <summary>The integration time step.</summary>
    public const string Dt = "dt";

    /// <summary>The number of bits of default dtypes: 16, 32 or 64, or <c>"bf16"</c>.</summary>
    public const string Precision = "precision";

    /// <summary>Whether what runs is searched for the first equation that makes NaN or infinity; see <see cref="Transforms.DebugNan{TResult}(Func{TResult})"/>.</summary>
    public const string DebugNan = "debug_nan";

    private static readonly AsyncLocal<ImmutableDictionary<string, object>?> Scoped = new();
    private static ImmutableDictionary<string, object> global = ImmutableDictionary<string, object>.Empty;

    // Every call of a jitted function asks, and nearly no process ever sets it.
    private static volatile bool wasDebugNanSet;

    /// <summary>Whether <see cref="DebugNan"/> is on.</summary>
    internal static bool IsDebuggingNan => wasDebugNanSet && Current(DebugNan) is true;

    /// <summary>The dtype of C# floats and of created floating tensors: float32 unless the precision says otherwise.</summary>
    public static DType DefaultFloat => GetOrDefault(Precision, 32) switch
    {
        16 => DType.Float16,
        "bf16" => DType.BFloat16,
        64 => DType.Float64,
        _ => DType.Float32,
    };

    /// <summary>The dtype of C# integers and of created integer tensors: int32, or int64 in precision 64.</summary>
    public static DType DefaultInteger => GetOrDefault(Precision, 32) is 64 ? DType.Int64 : DType.Int32;

    /// <summary>The dtype of C# complex numbers: complex64, or complex128 in precision 64.</summary>
    public static DType DefaultComplex => GetOrDefault(Precision, 32) is 64 ? DType.Complex128 : DType.Complex64;

    /// <summary>Sets a value for the whole process.</summary>
    /// <exception cref="ArgumentException">The value is not one that the key can have.</exception>
    public static void Set(string key, object value)
    {
        Validate(key, value);
        ImmutableInterlocked.Update(ref global, settings => settings.SetItem(key, value));
    }

    /// <summary>Removes a process-wide value.</summary>
    public static void Reset(string key) => ImmutableInterlocked.Update(ref global, settings => settings.Remove(key));

    /// <summary>Sets a value until the result is disposed, for this flow of control.</summary>
    /// <exception cref="ArgumentException">The value is not one that the key can have.</exception>
    public static IDisposable Context(string key, object value)
    {
        Validate(key, value);
        var outer = Scoped.Value;
        Scoped.Value = (outer ?? ImmutableDictionary<string, object>.Empty).SetItem(key, value);
        return new Restore(outer);
    }

    /// <summary>The value of <paramref name="key"/>.</summary>
    /// <exception cref="KeyNotFoundException">It was never set.</exception>
    public static T Get<T>(string key) => Read(key) is { } value
        ? value is T typed ? typed : throw new InvalidCastException($"The setting '{key}' is {value} ({value.GetType().Name}), not a {typeof(T).Name}.")
        : throw new KeyNotFoundException($"The setting '{key}' is not set. Set it with Environ.Set(\"{key}\", …) or using (Environ.Context(\"{key}\", …)).");

    /// <summary>The value of <paramref name="key"/>, or <paramref name="fallback"/> if it was never set.</summary>
    public static object GetOrDefault(string key, object fallback) => Read(key) ?? fallback;

    private static object? Read(string key)
    {
        var value = Current(key);
        Trace.Current?.RecordSetting(key, value);
        return value;
    }

    /// <summary>The value without recording that a trace has read it.</summary>
    internal static object? Current(string key) => In(Scope, key);

    /// <summary>The scoped values of this flow of control.</summary>
    internal static ImmutableDictionary<string, object>? Scope => Scoped.Value;

    /// <summary>The value that is in force in a scope.</summary>
    internal static object? In(ImmutableDictionary<string, object>? scope, string key) =>
        scope is not null && scope.TryGetValue(key, out var value) ? value : global.GetValueOrDefault(key);

    private static void Validate(string key, object value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (key == DebugNan)
        {
            if (value is not bool) throw new ArgumentException($"The setting \"{DebugNan}\" is true or false, not {value}.", nameof(value));
            wasDebugNanSet = true;
        }
        if (key == Precision && value is not (16 or 32 or 64 or "bf16"))
            throw new ArgumentException($"The precision is 16, 32, 64 or \"bf16\", not {value}.", nameof(value));
    }

    private sealed class Restore(ImmutableDictionary<string, object>? outer) : IDisposable
    {
        public void Dispose() => Scoped.Value = outer;
    }
}
