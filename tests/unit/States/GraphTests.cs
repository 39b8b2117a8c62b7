using BrainState.Nn;

namespace BrainState.UnitTests.States;

public sealed class GraphTests
{
    private sealed class Net : Module
    {
        private readonly Layer encoder = new(1);

        public Net() => Decoder = encoder;

        public Layer Decoder { get; }

        public List<Layer> Layers { get; } = [new(2), new(3)];

        public Dictionary<string, ParamState> Extra { get; } = new() { ["x"] = new(5f, "x", ["tag"]) };

        public ParamState[] Array { get; } = [new(6f)];

        public string Title { get; init; } = "net";

        public float[] Data { get; } = [1, 2];

        public Net? Self { get; set; }

        public Layer Encoder => encoder;
    }

    private sealed class Layer(float value) : Module
    {
        public ParamState Weight { get; } = new(value);

        public HiddenState Activity { get; } = new(-value);
    }

    private static float At(Module module, params object[] path) => (float)module.States()[StatePath.Of(path)].Value;

    [Fact]
    public void SnapshotsAreDetachedAndGoBack()
    {
        var net = new Net();
        var snapshot = Graph.TreefyStates(net);
        Assert.Equal(8, snapshot.ToFlat().Count);
        Assert.Equal(("ParamState", "x", "tag"), (snapshot.Branch("extra")["x"].Type.Name, snapshot.Branch("extra")["x"].Name, snapshot.Branch("extra")["x"].Tags.Single()));
        net.Extra["x"].Value = 50f;
        Assert.Equal(5f, (float)snapshot.Branch("extra")["x"].Value);
        Graph.UpdateStates(net, snapshot);
        Assert.Equal(5f, At(net, "extra", "x"));
        Assert.Equal("TreefyState(ParamState, f32[])", snapshot.Branch("extra")["x"].ToString());
        Assert.Equal(7f, (float)snapshot.Branch("extra")["x"].Replace(7f).ToState().Value);
        Assert.Single(Graph.TreefyStates(net, "tag").ToFlat());
    }

    [Fact]
    public void UpdatesOfUnknownPathsChangeNothing()
    {
        var (net, layer) = (new Net(), new Layer(9));
        var wrong = Graph.TreefyStates(new Net()).ToFlat().Map(static s => s.Replace(100f)).Append(KeyValuePair.Create((StatePath)"nowhere", new TreefyState(layer.Weight)));
        var message = Assert.Throws<ArgumentException>(() => Graph.UpdateStates(net, new FlattedDict<TreefyState>(wrong).ToNested())).Message;
        Assert.StartsWith("Net has no State at ('nowhere',); it has ('array', 0), ('decoder', 'activity'),", message);
        Assert.All(net.States().Values, static s => Assert.NotEqual(100f, (float)s.Value));
    }

    [Fact]
    public void ACloneHasTheSameSharingAndItsOwnStates()
    {
        var net = new Net { Title = "other" };
        net.Self = net;
        var clone = Graph.Clone(net);
        Assert.NotSame(net, clone);
        Assert.Same(clone, clone.Self);
        Assert.Same(clone.Encoder, clone.Decoder);
        Assert.Equal("other", clone.Title);
        Assert.Equal(net.States().Keys, clone.States().Keys);
        Assert.Equal(("x", "tag"), (clone.Extra["x"].Name, clone.Extra["x"].Tags.Single()));
        clone.Encoder.Weight.Value = 70f;
        Assert.Equal((70f, 1f), (At(clone, "decoder", "weight"), At(net, "decoder", "weight")));
        clone.Layers[1].Weight.Value = 80f;
        Assert.Equal(3f, At(net, "layers", 1, "weight"));
    }

    [Fact]
    public void SplittingDividesAmongFiltersAndMergingPutsTogether()
    {
        var net = new Net();
        var (definition, parts) = Graph.TreefySplit(net, typeof(ParamState), StateFilter.Everything);
        Assert.Equal((5, 3), (parts[0].ToFlat().Count, parts[1].ToFlat().Count));
        var merged = (Net)Graph.TreefyMerge(definition, parts[1], parts[0].Map(static s => s.Replace(s.Value * 2)));
        Assert.Equal((2f, -1f, 12f), (At(merged, "decoder", "weight"), At(merged, "decoder", "activity"), At(merged, "array", 0)));
        Assert.Equal("GraphDef(4 modules, 8 states)", definition.ToString());
        Assert.Contains("No filter takes ('decoder', 'activity')", Assert.Throws<ArgumentException>(() => Graph.TreefySplit(net, typeof(ParamState))).Message);
        Assert.EndsWith(". Add StateFilter.Everything as the last filter. (Parameter 'filters')", Assert.Throws<ArgumentException>(() => Graph.TreefySplit(net, typeof(ParamState))).Message);
        Assert.StartsWith("There is no value for the State at ('decoder', 'activity').", Assert.Throws<ArgumentException>(() => Graph.TreefyMerge(definition, parts[0])).Message);
    }

    private sealed class Bag : List<Layer>
    {
        private Bag() { }

        public static Bag Of(Layer layer)
        {
            Bag bag = [];
            bag.Add(layer);
            return bag;
        }
    }

    private sealed class Bags(Bag bag) : Module
    {
        public Bag Bag => bag;
    }

    [Fact]
    public void WhatCannotBeRebuiltOrNamedIsRefused()
    {
        var (definition, states) = Graph.TreefySplit(new Bags(Bag.Of(new Layer(1))));
        Assert.Equal($"A {typeof(Bag)} cannot be rebuilt: it needs a public constructor without parameters.",
            Assert.Throws<NotSupportedException>(() => Graph.TreefyMerge(definition, states)).Message);
        Assert.Equal("States in a dictionary need string or int keys, not 1.5.", Assert.Throws<NotSupportedException>(() => new Keyed(new() { [1.5] = new(Np.Array(1f)) }).States()).Message);
    }

    private sealed class Keyed(Dictionary<double, ParamState> byNumber) : Module
    {
        public Dictionary<double, ParamState> ByNumber => byNumber;
    }

    [Fact]
    public void StructuresAreEqualWhenTypesPlacesAndOtherFieldsAre()
    {
        var (a, b) = (Graph.TreefySplit(new Layer(1)).Definition, Graph.TreefySplit(new Layer(2)).Definition);
        Assert.Equal(a, b);
        Assert.Equal(a.GetHashCode(), b.GetHashCode());
        Assert.NotEqual<object>(a, Graph.TreefySplit(new Net()).Definition);
        Assert.NotEqual(Graph.TreefySplit(new Net { Title = "a" }).Definition, Graph.TreefySplit(new Net { Title = "b" }).Definition);
    }
}
