namespace BrainState;

/// <summary>A State for passing results of a run, such as activity that is reset per batch or trial.</summary>
public class ShortTermState(Tensor value, string? name = null, IEnumerable<string>? tags = null) : State(value, name, tags);

/// <summary>A State that persists over steps and epochs.</summary>
public class LongTermState(Tensor value, string? name = null, IEnumerable<string>? tags = null) : State(value, name, tags);

/// <summary>A trainable weight: what gradients are taken of and optimisers change.</summary>
public class ParamState(Tensor value, string? name = null, IEnumerable<string>? tags = null) : LongTermState(value, name, tags);

/// <summary>Statistics over batches, such as the running mean of a batch normalisation.</summary>
public class BatchState(Tensor value, string? name = null, IEnumerable<string>? tags = null) : LongTermState(value, name, tags);

/// <summary>The hidden activity of a recurrent model; its shape is the number of units.</summary>
public class HiddenState(Tensor value, string? name = null, IEnumerable<string>? tags = null) : ShortTermState(value, name, tags);

/// <summary>What an optimiser remembers between updates.</summary>
public class OptimState(Tensor value, string? name = null, IEnumerable<string>? tags = null) : LongTermState(value, name, tags);
