using System.Reflection;
using System.Runtime.CompilerServices;
using Module = BrainState.Nn.Module;

namespace BrainState.Pytrees;

/// <summary>Chooses the node of each type: tensors are traced, containers are entered, everything else is static.</summary>
internal static class TreeNodes
{
    public static TreeNode<T> For<T>()
    {
        if (RegisteredNodes.Find<T>() is { } registered) return registered;
        var type = typeof(T);
        if (type == typeof(Tensor)) return (TreeNode<T>)(object)new TensorNode();
        if (type == typeof(TreefyState)) return (TreeNode<T>)(object)new TreefyStateNode();
        if (typeof(State).IsAssignableFrom(type))
            return new RefusedNode<T>("a State can be neither argument nor result of a transformed function. Let the function read and write it, or pass its Value.");
        if (typeof(Module).IsAssignableFrom(type)) return Make<T>(typeof(ModuleNode<>), type);
        if (type == typeof(ValueTuple)) return new StaticNode<T>();
        if (type.FullName!.StartsWith("System.ValueTuple`", StringComparison.Ordinal))
        {
            var items = type.GetGenericArguments();
            return items.Length <= TupleNodes.ByArity.Length
                ? Make<T>(TupleNodes.ByArity[items.Length - 1], items)
                : new RefusedNode<T>($"a tuple has at most {TupleNodes.ByArity.Length} items.");
        }
        if (type.IsSZArray) return Make<T>(typeof(ArrayNode<>), type.GetElementType()!);
        if (type.IsGenericType)
        {
            var (definition, items) = (type.GetGenericTypeDefinition(), type.GetGenericArguments());
            if (definition == typeof(List<>)) return Make<T>(typeof(ListNode<>), items);
            if (definition == typeof(IReadOnlyList<>)) return Make<T>(typeof(ReadOnlyListNode<>), items);
            if (definition == typeof(IReadOnlyDictionary<,>)) return Make<T>(typeof(ReadOnlyDictionaryNode<,>), items);
            if (definition == typeof(Dictionary<,>)) return Make<T>(typeof(DictionaryNode<,>), items);
            if (definition == typeof(FlattedDict<>)) return Make<T>(typeof(FlattedDictNode<>), items);
            if (definition == typeof(NestedDict<>)) return Make<T>(typeof(NestedDictNode<>), items);
        }
        if (IsStatic(type, [])) return new StaticNode<T>();
        if (!IsRecord(type))
        {
            return new RefusedNode<T>(
                "it is neither a tensor nor a container of tensors (tuple, array, List, Dictionary, FlattedDict, NestedDict, record), nor static "
                + "(a number, string, enum, or record without tensors), nor a Module. Make it a record, or teach it with Pytree.Register.");
        }
        var (node, obstacle) = RecordNode<T>.TryMake();
        return node is not null ? node : new RefusedNode<T>($"{obstacle}. Teach it with Pytree.Register.");
    }

    private static TreeNode<T> Make<T>(Type node, params Type[] arguments) => (TreeNode<T>)Activator.CreateInstance(node.MakeGenericType(arguments))!;

    /// <summary>Whether equal values of the type are interchangeable and hold no tensors: numbers, strings, enums, and records of these.</summary>
    private static bool IsStatic(Type type, HashSet<Type> visited)
    {
        if (type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(decimal)) return true;
        if (type == typeof(Shape) || type == typeof(TensorSpec) || type == typeof(System.Numerics.Complex)) return true;
        if (Nullable.GetUnderlyingType(type) is { } inner) return IsStatic(inner, visited);
        if (type.IsValueType && typeof(ITuple).IsAssignableFrom(type)) return type.GetGenericArguments().All(item => IsStatic(item, visited));
        if (typeof(Tensor).IsAssignableFrom(type) || typeof(State).IsAssignableFrom(type) || typeof(Module).IsAssignableFrom(type)) return false;
        return IsRecord(type) && (!visited.Add(type) || type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).All(f => IsStatic(f.FieldType, visited)));
    }

    private static bool IsRecord(Type type) =>
        type.GetMethod("<Clone>$") is not null || (type.IsValueType && type.GetMethod("PrintMembers", BindingFlags.NonPublic | BindingFlags.Instance) is not null);

    private sealed class TensorNode : TreeNode<Tensor>
    {
        public override void Flatten(Tensor value, TreeWriter writer) => writer.AddLeaf(value);

        public override Tensor Unflatten(ref TreeReader reader) => reader.ReadLeaf()!;
    }

    /// <summary>A value that is part of the key and the same in every call with that key.</summary>
    private sealed class StaticNode<T> : TreeNode<T>
    {
        public override void Flatten(T value, TreeWriter writer) => writer.AddToken(value);

        public override T Unflatten(ref TreeReader reader) => (T)reader.ReadToken()!;
    }

    /// <summary>A module is compared by identity, without keeping it alive.</summary>
    private sealed class ModuleNode<T> : TreeNode<T> where T : Module
    {
        public override void Flatten(T value, TreeWriter writer) => writer.AddToken(value is null ? null : new ModuleToken(value));

        public override T Unflatten(ref TreeReader reader) => (T)((ModuleToken?)reader.ReadToken())?.Target!;
    }

    private sealed class ModuleToken(Module module)
    {
        private readonly WeakReference<Module> reference = new(module);
        private readonly int hash = RuntimeHelpers.GetHashCode(module);

        public Module? Target => reference.TryGetTarget(out var target) ? target : null;

        public override bool Equals(object? obj) => obj is ModuleToken other && Target is { } target && ReferenceEquals(target, other.Target);

        public override int GetHashCode() => hash;

        public override string ToString() => Target?.GetType().Name ?? "a collected module";
    }

    private sealed class RefusedNode<T>(string reason) : TreeNode<T>
    {
        public override void Flatten(T value, TreeWriter writer) => throw Refusal();

        public override T Unflatten(ref TreeReader reader) => throw Refusal();

        private NotSupportedException Refusal() => new($"A {typeof(T)} cannot go in or out of a transformed function: {reason}");
    }
}
