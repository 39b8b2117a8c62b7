namespace BrainState.Pytrees;

/// <summary>Value tuples: the items one after the other. As the outermost node it is an argument list, whose items are marked.</summary>
internal static class TupleNodes
{
    /// <summary>The nodes by number of items.</summary>
    public static readonly Type[] ByArity =
        [typeof(Tuple1<>), typeof(Tuple2<,>), typeof(Tuple3<,,>), typeof(Tuple4<,,,>), typeof(Tuple5<,,,,>), typeof(Tuple6<,,,,,>), typeof(Tuple7<,,,,,,>)];

    private static void Item<T>(T value, TreeWriter writer, bool isOutermost, int index, int count)
    {
        if (isOutermost) writer.ArgumentStarts.Add((writer.Leaves.Count, writer.Structure.Count));
        writer.AddItem(value, index, count);
    }

    private sealed class Tuple1<T1> : TreeNode<ValueTuple<T1>>
    {
        public override void Flatten(ValueTuple<T1> value, TreeWriter writer)
        {
            var isOutermost = writer.Structure.Count == 0;
            writer.AddToken(1);
            Item(value.Item1, writer, isOutermost, 0, 1);
        }

        public override ValueTuple<T1> Unflatten(ref TreeReader reader)
        {
            reader.ReadToken();
            return new(Tree<T1>.Node.Unflatten(ref reader));
        }
    }

    private sealed class Tuple2<T1, T2> : TreeNode<ValueTuple<T1, T2>>
    {
        public override void Flatten(ValueTuple<T1, T2> value, TreeWriter writer)
        {
            var isOutermost = writer.Structure.Count == 0;
            writer.AddToken(2);
            Item(value.Item1, writer, isOutermost, 0, 2);
            Item(value.Item2, writer, isOutermost, 1, 2);
        }

        public override ValueTuple<T1, T2> Unflatten(ref TreeReader reader)
        {
            reader.ReadToken();
            return new(Tree<T1>.Node.Unflatten(ref reader), Tree<T2>.Node.Unflatten(ref reader));
        }
    }

    private sealed class Tuple3<T1, T2, T3> : TreeNode<ValueTuple<T1, T2, T3>>
    {
        public override void Flatten(ValueTuple<T1, T2, T3> value, TreeWriter writer)
        {
            var isOutermost = writer.Structure.Count == 0;
            writer.AddToken(3);
            Item(value.Item1, writer, isOutermost, 0, 3);
            Item(value.Item2, writer, isOutermost, 1, 3);
            Item(value.Item3, writer, isOutermost, 2, 3);
        }

        public override ValueTuple<T1, T2, T3> Unflatten(ref TreeReader reader)
        {
            reader.ReadToken();
            return new(Tree<T1>.Node.Unflatten(ref reader), Tree<T2>.Node.Unflatten(ref reader), Tree<T3>.Node.Unflatten(ref reader));
        }
    }

    private sealed class Tuple4<T1, T2, T3, T4> : TreeNode<ValueTuple<T1, T2, T3, T4>>
    {
        public override void Flatten(ValueTuple<T1, T2, T3, T4> value, TreeWriter writer)
        {
            var isOutermost = writer.Structure.Count == 0;
            writer.AddToken(4);
            Item(value.Item1, writer, isOutermost, 0, 4);
            Item(value.Item2, writer, isOutermost, 1, 4);
            Item(value.Item3, writer, isOutermost, 2, 4);
            Item(value.Item4, writer, isOutermost, 3, 4);
        }

        public override ValueTuple<T1, T2, T3, T4> Unflatten(ref TreeReader reader)
        {
            reader.ReadToken();
            return new(Tree<T1>.Node.Unflatten(ref reader), Tree<T2>.Node.Unflatten(ref reader), Tree<T3>.Node.Unflatten(ref reader), Tree<T4>.Node.Unflatten(ref reader));
        }
    }

    private sealed class Tuple5<T1, T2, T3, T4, T5> : TreeNode<ValueTuple<T1, T2, T3, T4, T5>>
    {
        public override void Flatten(ValueTuple<T1, T2, T3, T4, T5> value, TreeWriter writer)
        {
            var isOutermost = writer.Structure.Count == 0;
            writer.AddToken(5);
            Item(value.Item1, writer, isOutermost, 0, 5);
            Item(value.Item2, writer, isOutermost, 1, 5);
            Item(value.Item3, writer, isOutermost, 2, 5);
            Item(value.Item4, writer, isOutermost, 3, 5);
            Item(value.Item5, writer, isOutermost, 4, 5);
        }

        public override ValueTuple<T1, T2, T3, T4, T5> Unflatten(ref TreeReader reader)
        {
            reader.ReadToken();
            return new(Tree<T1>.Node.Unflatten(ref reader), Tree<T2>.Node.Unflatten(ref reader), Tree<T3>.Node.Unflatten(ref reader), Tree<T4>.Node.Unflatten(ref reader), Tree<T5>.Node.Unflatten(ref reader));
        }
    }

    private sealed class Tuple6<T1, T2, T3, T4, T5, T6> : TreeNode<ValueTuple<T1, T2, T3, T4, T5, T6>>
    {
        public override void Flatten(ValueTuple<T1, T2, T3, T4, T5, T6> value, TreeWriter writer)
        {
            var isOutermost = writer.Structure.Count == 0;
            writer.AddToken(6);
            Item(value.Item1, writer, isOutermost, 0, 6);
            Item(value.Item2, writer, isOutermost, 1, 6);
            Item(value.Item3, writer, isOutermost, 2, 6);
            Item(value.Item4, writer, isOutermost, 3, 6);
            Item(value.Item5, writer, isOutermost, 4, 6);
            Item(value.Item6, writer, isOutermost, 5, 6);
        }

        public override ValueTuple<T1, T2, T3, T4, T5, T6> Unflatten(ref TreeReader reader)
        {
            reader.ReadToken();
            return new(Tree<T1>.Node.Unflatten(ref reader), Tree<T2>.Node.Unflatten(ref reader), Tree<T3>.Node.Unflatten(ref reader), Tree<T4>.Node.Unflatten(ref reader), Tree<T5>.Node.Unflatten(ref reader), Tree<T6>.Node.Unflatten(ref reader));
        }
    }

    private sealed class Tuple7<T1, T2, T3, T4, T5, T6, T7> : TreeNode<ValueTuple<T1, T2, T3, T4, T5, T6, T7>>
    {
        public override void Flatten(ValueTuple<T1, T2, T3, T4, T5, T6, T7> value, TreeWriter writer)
        {
            var isOutermost = writer.Structure.Count == 0;
            writer.AddToken(7);
            Item(value.Item1, writer, isOutermost, 0, 7);
            Item(value.Item2, writer, isOutermost, 1, 7);
            Item(value.Item3, writer, isOutermost, 2, 7);
            Item(value.Item4, writer, isOutermost, 3, 7);
            Item(value.Item5, writer, isOutermost, 4, 7);
            Item(value.Item6, writer, isOutermost, 5, 7);
            Item(value.Item7, writer, isOutermost, 6, 7);
        }

        public override ValueTuple<T1, T2, T3, T4, T5, T6, T7> Unflatten(ref TreeReader reader)
        {
            reader.ReadToken();
            return new(Tree<T1>.Node.Unflatten(ref reader), Tree<T2>.Node.Unflatten(ref reader), Tree<T3>.Node.Unflatten(ref reader), Tree<T4>.Node.Unflatten(ref reader), Tree<T5>.Node.Unflatten(ref reader), Tree<T6>.Node.Unflatten(ref reader), Tree<T7>.Node.Unflatten(ref reader));
        }
    }
}
