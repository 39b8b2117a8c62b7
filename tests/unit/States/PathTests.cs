namespace BrainState.UnitTests.States;

public sealed class PathTests
{
    [Fact]
    public void PathsAreOrderedPartByPart()
    {
        StatePath[] ordered = [StatePath.Of(), StatePath.Of(2), StatePath.Of(10), "B", "a", StatePath.Of("a", 0), StatePath.Of("a", "a"), "aa"];
        Assert.Equal(ordered, ordered.Reverse().Order());
        Assert.Equal(["()", "(2,)", "(10,)", "('B',)", "('a',)", "('a', 0)", "('a', 'a')", "('aa',)"], ordered.Select(static p => p.ToString()));
        Assert.True(StatePath.Of("a", 0) == StatePath.Of("a").Append(0) && StatePath.Of("a", 0) != StatePath.Of("a", "0"));
        Assert.Equal(StatePath.Of("a", 0).GetHashCode(), StatePath.Of("a").Append(0).GetHashCode());
        Assert.True(default == StatePath.Of());
        Assert.Equal("A part of a path is a string or an int, not 1.5. (Parameter 'parts')", Assert.Throws<ArgumentException>(() => StatePath.Of(1.5)).Message);
    }

    [Fact]
    public void FlatDictionariesAreSortedAndFindByPath()
    {
        var flat = Flat(("b", 1), ("a", 2));
        Assert.Equal([2, 1], flat.Values);
        Assert.Equal(2, flat["a"]);
        Assert.True(flat.ContainsKey("b") && !flat.TryGetValue("c", out _));
        Assert.Equal("There is no ('c',); the paths are ('a',), ('b',).", Assert.Throws<KeyNotFoundException>(() => flat["c"]).Message);
        Assert.Equal("{('a',): 2, ('b',): 1}", flat.ToString());
        Assert.Equal([20, 10], flat.Map(static v => v * 10).Values);
        Assert.Same(flat, flat.ToFlat());
        Assert.Equal("The path ('a',) is given twice. (Parameter 'entries')", Assert.Throws<ArgumentException>(() => Flat(("a", 1), ("a", 2))).Message);
    }

    [Fact]
    public void PathsThatDoNotMakeATreeAreRefused()
    {
        static string Message(params StatePath[] paths) => Assert.Throws<ArgumentException>(() => NestedDict<int>.FromFlat(paths.Select(static p => KeyValuePair.Create(p, 0)))).Message;
        Assert.Equal("A path is empty. (Parameter 'entries')", Message(default(StatePath)));
        Assert.Equal("The path ('a', 'b') meets another one that ends or goes on at the same place.", Message(StatePath.Of("a"), StatePath.Of("a", "b")));
        Assert.Equal("The path ('a',) meets another one that ends or goes on at the same place.", Message(StatePath.Of("a", "b"), StatePath.Of("a")));
    }

    [Fact]
    public void NestedDictionariesFollowThePaths()
    {
        var flat = new FlattedDict<int>([
            KeyValuePair.Create(StatePath.Of("layers", 1, "w"), 3), KeyValuePair.Create(StatePath.Of("layers", 0, "w"), 2), KeyValuePair.Create(StatePath.Of("bias"), 1)]);
        var nested = flat.ToNested();
        Assert.Equal(["bias", "layers"], nested.Keys);
        Assert.Equal([0, 1], nested.Branch("layers").Keys);
        Assert.Equal((1, 3), (nested["bias"], nested.Branch("layers").Branch(1)["w"]));
        Assert.Equal(flat, nested.ToFlat());
        Assert.Equal("{'bias': 1, 'layers': {0: {'w': 2}, 1: {'w': 3}}}", nested.ToString());
        Assert.Equal([10, 20, 30], nested.Map(static v => v * 10).ToFlat().Values);
        Assert.Equal("layers is a branch, not a value.", Assert.Throws<KeyNotFoundException>(() => nested["layers"]).Message);
        Assert.Equal("bias is a value, not a branch.", Assert.Throws<KeyNotFoundException>(() => nested.Branch("bias")).Message);
        Assert.Equal("There is no x; the keys are bias, layers.", Assert.Throws<KeyNotFoundException>(() => nested["x"]).Message);
        foreach (var order in (int[][])[[0, 1], [1, 0]])
        {
            KeyValuePair<StatePath, int>[] entries = [KeyValuePair.Create(StatePath.Of("a"), 1), KeyValuePair.Create(StatePath.Of("a", "b"), 2)];
            Assert.Contains("meets another one that ends or goes on at the same place", Assert.Throws<ArgumentException>(() => NestedDict<int>.FromFlat(order.Select(i => entries[i]))).Message);
        }
    }

    private static FlattedDict<int> Flat(params (string, int)[] entries) => new(entries.Select(static e => KeyValuePair.Create((StatePath)e.Item1, e.Item2)));
}
