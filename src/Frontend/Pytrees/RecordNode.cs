using System.Linq.Expressions;
using System.Reflection;

namespace BrainState.Pytrees;

/// <summary>A record: its properties one after the other. How they are read and set is found once and compiled.</summary>
internal sealed class RecordNode<T> : TreeNode<T>
{
    private readonly Member[] members;
    private readonly Func<object?[], T> construct;

    private RecordNode(Member[] members, Func<object?[], T> construct) => (this.members, this.construct) = (members, construct);

    /// <summary>
    /// A node for a record whose every field belongs to a property that a constructor or an init accessor sets; otherwise the field that does not, because copying the
    /// others would lose it.
    /// </summary>
    public static (RecordNode<T>? Node, string? Obstacle) TryMake()
    {
        const BindingFlags Instance = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        var properties = typeof(T).GetProperties(Instance).Where(static p => p.GetMethod is not null && p.GetIndexParameters().Length == 0 && p.Name != "EqualityContract").ToArray();
        var constructor = typeof(T).GetConstructors(Instance)
            .Where(c => c.GetParameters() is var parameters && parameters.All(p => Match(properties, p) is not null))
            .MaxBy(static c => c.GetParameters().Length);
        var given = constructor?.GetParameters().Select(p => Match(properties, p)!).ToArray() ?? [];
        var set = properties.Where(p => p.SetMethod is not null && !given.Contains(p) && FieldOf(p) is not null).ToArray();
        PropertyInfo[] all = [.. given, .. set];

        for (var type = typeof(T); type is not null && type != typeof(object); type = type.BaseType)
            foreach (var field in type.GetFields(Instance | BindingFlags.DeclaredOnly))
                if (!all.Any(p => FieldOf(p) == field))
                    return (null, $"its field '{field.Name}' is set neither by its constructor nor by a property");
        if (constructor is null && !typeof(T).IsValueType) return (null, "it has no constructor that takes its properties");

        var values = Expression.Parameter(typeof(object?[]));
        Expression Value(int index, Type type) => Expression.Convert(Expression.ArrayIndex(values, Expression.Constant(index)), type);
        var made = constructor is null ? Expression.New(typeof(T)) : Expression.New(constructor, given.Select((p, i) => Value(i, p.PropertyType)));
        var body = Expression.MemberInit(made, set.Select((p, i) => Expression.Bind(p, Value(given.Length + i, p.PropertyType))));
        var members = all.Select(static p => (Member)Activator.CreateInstance(typeof(Member<>).MakeGenericType(typeof(T), p.PropertyType), p)!).ToArray();
        return (new RecordNode<T>(members, Expression.Lambda<Func<object?[], T>>(body, values).Compile()), null);
    }

    public override void Flatten(T value, TreeWriter writer)
    {
        writer.AddToken(value is null ? null : members.Length);
        if (value is null) return;
        if (!typeof(T).IsValueType && value.GetType() != typeof(T))
            throw new NotSupportedException($"A {value.GetType()} cannot go in or out of a transformed function as a {typeof(T)}: what it has in addition would be lost. Use its own type.");
        for (var i = 0; i < members.Length; i++) members[i].Flatten(value, writer, i, members.Length);
    }

    public override T Unflatten(ref TreeReader reader)
    {
        if (reader.ReadToken() is null) return default!;
        var values = new object?[members.Length];
        for (var i = 0; i < values.Length; i++) values[i] = members[i].Unflatten(ref reader);
        return construct(values);
    }

    private static PropertyInfo? Match(PropertyInfo[] properties, ParameterInfo parameter) =>
        properties.FirstOrDefault(p => string.Equals(p.Name, parameter.Name, StringComparison.OrdinalIgnoreCase) && p.PropertyType == parameter.ParameterType);

    /// <summary>The field that the compiler made for an automatic property.</summary>
    private static FieldInfo? FieldOf(PropertyInfo property) =>
        property.DeclaringType!.GetField($"<{property.Name}>k__BackingField", BindingFlags.Instance | BindingFlags.NonPublic);

    private abstract class Member
    {
        public abstract void Flatten(T value, TreeWriter writer, int index, int count);

        public abstract object? Unflatten(ref TreeReader reader);
    }

    private sealed class Member<TProperty> : Member
    {
        private readonly Func<T, TProperty> read;

        public Member(PropertyInfo property)
        {
            var value = Expression.Parameter(typeof(T));
            read = Expression.Lambda<Func<T, TProperty>>(Expression.Property(value, property), value).Compile();
        }

        public override void Flatten(T value, TreeWriter writer, int index, int count) => writer.AddItem(read(value), index, count);

        public override object? Unflatten(ref TreeReader reader) => Tree<TProperty>.Node.Unflatten(ref reader);
    }
}
