using System.Collections;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Numerics;
using BrainState.Nn;
using BrainState.Serialization;
using BrainState.Tracing;
using Xunit;

namespace BrainState.UnitTests.Serialization;

/// <summary>Saving and loading of States and trees, against files and behaviour of braintools.</summary>
public sealed class CheckpointsTests : IDisposable
{
    const string TutorialFile =
        "82a462696173c71101939101a7666c6f61743332c40490c3803fa6776569676874c7120193920101a7666c6f61743332c4048d144140";

    readonly string folder = Directory.CreateTempSubdirectory("brainstate-").FullName;

    string Target => Path.Combine(folder, "new", "c.msgpack");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Every_form_of_the_tutorials_model_gives_its_file_of_54_bytes()
    {
        var model = new Tutorial();
        Assert.Equal(TutorialFile, Saved(model));
        Assert.Equal(TutorialFile, Saved(model.States<ParamState>()));
        Assert.Equal(TutorialFile, Saved(model.States().ToNested()));
        Assert.Equal(TutorialFile, Saved(Graph.TreefyStates(model)));
        Assert.Equal(TutorialFile, Saved(model.States().Map(s => s.Value)));
        Assert.Equal(TutorialFile, Saved(new Dictionary<string, State> { ["bias"] = model.Bias, ["weight"] = model.Weight }));
        Assert.Equal(54, File.ReadAllBytes(Target).Length);
    }

    public static TheoryData<string, object?, string> Vectors => new()
    {
        { "0-d float32", Map(("a", new ParamState(Array(DType.Float32, [], "00002040")))), "81a161d8019390a7666c6f61743332c40400002040" },
        { "float32 scalar", Map(("a", 2.5f)), "81a161d8039390a7666c6f61743332c40400002040" },
        { "float", Map(("a", 2.5)), "81a161cb4004000000000000" },
        { "int", Map(("a", 300)), "81a161cd012c" },
        { "others", Map(("a", true), ("b", null), ("c", "hi"), ("d", new byte[] { 0, 1 })), "84a161c3a162c0a163a26869a164c4020001" },
        { "complex", Map(("a", new Complex(1, 2))), "81a161c7130292cb3ff0000000000000cb4000000000000000" },
        { "bool[2]", Map(("a", Array(DType.Bool, [2], "0100"))), "81a161c70c01939102a4626f6f6cc4020100" },
        { "int32[2]", Map(("a", Array(DType.Int32, [2], "01000000ffffffff"))), "81a161c71301939102a5696e743332c40801000000ffffffff" },
        { "uint8[3]", Map(("a", Array(DType.UInt8, [3], "010203"))), "81a161c70e01939103a575696e7438c403010203" },
        { "float64[1]", Map(("a", Array(DType.Float64, [1], "000000000000f03f"))), "81a161c71501939101a7666c6f61743634c408000000000000f03f" },
        { "float16[1]", Map(("a", Array(DType.Float16, [1], "003c"))), "81a161c70f01939101a7666c6f61743136c402003c" },
        { "complex64[1]", Map(("a", Array(DType.Complex64, [1], "0000803f00000040"))), "81a161c71701939101a9636f6d706c65783634c4080000803f00000040" },
        { "empty", Map(("a", Array(DType.Float32, [0, 3], ""))), "81a161c70e0193920003a7666c6f61743332c400" },
        {
            "2x2", Map(("a", Array(DType.Float32, [2, 2], "000000000000803f0000004000004040"))),
            "81a161c71e0193920202a7666c6f61743332c410000000000000803f0000004000004040"
        },
        { "list", Map(("l", new List<object> { 1, 2.0 })), "81a16c82a13001a131cb4000000000000000" },
        { "tuple", Map(("t", (1, 2))), "81a17482a13001a13102" },
        { "int key", new Dictionary<int, int> { [1] = 2 }, "81a13102" },
        { "top-level list", new object[] { 1, new[] { 2 } }, "82a13001a13181a13002" },
        { "top-level State", new ShortTermState(Array(DType.Float32, [1], "0000803f")), "c71101939101a7666c6f61743332c4040000803f" },
        {
            "tree by path in a map", Map(("s", Flat(("l/w", Array(DType.Float32, [1], "00000000"))))),
            "81a17381a16c81a177c71101939101a7666c6f61743332c40400000000"
        },
        {
            "nested", Map(("count", Array(DType.Int32, [], "00000000")), ("mu", Flat(("w", Array(DType.Float32, [1], "00000000"))).ToNested())),
            "82a5636f756e74c70e019390a5696e743332c40400000000a26d7581a177c71101939101a7666c6f61743332c40400000000"
        },
        { "nothing", null, "c0" },
        { "no entries", Flat<Tensor>(), "80" },
    };

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Saves_the_bytes_of_Python_and_loads_them_into_the_same_structure(string name, object? target, string hex)
    {
        Assert.NotEmpty(name);
        Assert.Equal(hex, Saved(target));
        Assert.Equal(hex, Saved(Load(target)));
        Assert.Equal(hex, Saved(Checkpoints.MsgpackLoad(Target, verbose: false)));
    }

    [Fact]
    public void Positions_in_lists_and_all_kinds_of_States_have_their_place()
    {
        var model = new Layers();
        Saved(model);
        var file = (OrderedDictionary<string, object?>)Checkpoints.MsgpackLoad(Target, verbose: false)!;
        Assert.Equal(["generator", "layers"], file.Keys);
        var layers = (OrderedDictionary<string, object?>)file["layers"]!;
        Assert.Equal(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"], layers.Keys);
        Assert.Equal([10f], Floats(((OrderedDictionary<string, object?>)layers["10"]!)["bias"]));

        var other = new Layers(100);
        Assert.Same(other, Load(other));
        Assert.Equal([10f], Floats(other.Members[10].Bias));
        Assert.Equal(model.Random.Value.ToArray<uint>(), other.Random.Value.ToArray<uint>());
    }

    [Fact]
    public void States_change_in_place_and_their_containers_come_back()
    {
        Write(TutorialFile);
        var model = new Tutorial(0);
        Unchanged(model);
        Unchanged(model.States<ParamState>());
        Unchanged(model.States().ToNested());
        Unchanged(new Dictionary<string, State> { ["weight"] = model.Weight, ["bias"] = model.Bias });
        Unchanged(new Hashtable { ["bias"] = model.Bias });
        Unchanged(FrozenDictionary.ToFrozenDictionary([KeyValuePair.Create("bias", model.Bias)]));

        Write("82a13082a13001a13102a131" + TutorialFile);
        var mixed = Load(((1, 2L), model));
        Assert.Equal(((1, 2L), model), mixed);

        void Unchanged<T>(T target) where T : class
        {
            model.Bias.Value = new float[] { 0 };
            Assert.Same(target, Load(target));
            Assert.Equal([BitConverter.Int32BitsToSingle(0x3F80C390)], Floats(model.Bias));
            Assert.True(model.Bias.HasBeenWritten);
        }
    }

    [Fact]
    public void Containers_of_values_are_built_anew_with_their_types()
    {
        Saved(new Dictionary<string, object> { ["A"] = Tensor.From<float>([1, 2]) });
        var ignoringCase = new Dictionary<string, Tensor>(StringComparer.OrdinalIgnoreCase) { ["A"] = new float[] { 0, 0 } };
        var loaded = Load(ignoringCase);
        Assert.NotSame(ignoringCase, loaded);
        Assert.Equal([1f, 2f], Floats(loaded["a"]));
        Assert.Equal([0f, 0f], Floats(ignoringCase["A"]));
        Assert.Equal([1f, 2f], Floats(Load(ignoringCase.ToImmutableDictionary())["A"]));
        Assert.Equal([1f, 2f], Floats(Load(new SortedDictionary<string, Tensor>(ignoringCase))["A"]));
        Assert.Equal([1f, 2f], Floats(Load<IReadOnlyDictionary<string, Tensor>>(ignoringCase.ToFrozenDictionary())["A"]));
        Assert.Contains("cannot be built", Assert.Throws<NotSupportedException>(() => Load(ignoringCase.ToFrozenDictionary())).Message);
        Assert.Equal([1f, 2f], Floats(Load(Flat(("A", (Tensor)new float[] { 0, 0 })))["A"]));
        Assert.Equal([1f, 2f], Floats(Load(Flat(("A", (Tensor)new float[] { 0, 0 })).ToNested())["A"]));
        var snapshot = Load(Flat(("A", new TreefyState(new HiddenState(new float[] { 0, 0 }, "h")))))["A"];
        Assert.Equal(("h", typeof(HiddenState)), (snapshot.Name, snapshot.Type));
        Assert.Equal([1f, 2f], Floats(snapshot.Value));

        Saved(new[] { 1, 2, 3, 4, 5, 6, 7, 8, 9 });
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9], Load(new int[9]));
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9], Load(new List<long>(new long[9])));
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9], Load(ImmutableArray.Create(new byte[9])).ToArray());
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9], Load(ImmutableList.Create(new BigInteger[9])));
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9], Load<IReadOnlyList<double>>([0, 0, 0, 0, 0, 0, 0, 0, 0]));
        Assert.Equal(new object[] { 1, 2, 3, 4, 5, 6, 7, 8, 9 }, Load(new ArrayList(new int[9])).ToArray());
        Assert.Equal((1, 2, 3, 4, 5, 6, 7, 8, 9L), Load((0, 0, 0, 0, 0, 0, 0, 0, 0L)));
        Assert.Equal(Tuple.Create(1, 2f), Load(Tuple.Create(0, 0f), MismatchPolicy.Ignore));
    }

    [Fact]
    public void Numbers_take_the_types_of_the_target()
    {
        Saved(Map(("a", 0.1), ("b", 7), ("c", 1.5f), ("d", ulong.MaxValue), ("e", null), ("f", Tensor.From<short>([3], [])), ("g", 2.0)));
        var loaded = Load((Dictionary<string, object?>)new()
        {
            ["a"] = 0f,
            ["b"] = (byte)0,
            ["c"] = 0.0,
            ["d"] = (UInt128)0,
            ["e"] = "text",
            ["f"] = 0L,
            ["g"] = 0,
        });
        Assert.Equal([0.1f, (byte)7, 1.5, (UInt128)ulong.MaxValue, null, 3L, 2], loaded.Values);
        Assert.Equal([Half.Zero, (BFloat16)7f, Complex.One * 1.5], Load((Dictionary<string, object?>)new()
        {
            ["a"] = default(Half),
            ["b"] = default(BFloat16),
            ["c"] = default(Complex),
        }).Values.Select(static v => v is Half h ? h - (Half)0.1 : v!));

        // What does not fit the type of the target is taken as it is, where the container takes it.
        Assert.Equal([0.1, 7L, 1.5f], Load((Dictionary<string, object?>)new() { ["a"] = 0, ["b"] = "text", ["c"] = null }).Values);
        Assert.Equal("Value mismatch: expected Int32, got 0.1 at path ./a", Fails(new Dictionary<string, int> { ["a"] = 0 }));
        Assert.Equal("Value mismatch: expected Int64, got 18446744073709551615 at path ./d", Fails(new Dictionary<string, long> { ["d"] = 0 }));
        Assert.Equal("Value mismatch: expected Int32, got null at path ./e", Fails(new Dictionary<string, int> { ["e"] = 0 }));
        Assert.Null(Load(new Dictionary<string, int?> { ["e"] = 0 })["e"]);
        Assert.Equal(7, Load(new Dictionary<string, int?> { ["b"] = null })["b"]);
        Assert.Equal(7, (int)Load(new Dictionary<string, Tensor?> { ["b"] = null })["b"]!);

        var states = Flat(("a", new ParamState(0.0)), ("b", new ParamState(0)), ("d", new ParamState(0)));
        Load(states);
        Assert.Equal((0.1f, 7, ulong.MaxValue), (states["a"].Value.ToScalar<float>(), (int)states["b"].Value, states["d"].Value.ToScalar<ulong>()));
        Assert.True(states["a"].Value.IsWeak);
    }

    // The rows of load_mismatch in braintools: a file {'a': float32[2]} or a list of three.
    [Theory]
    [InlineData(MismatchPolicy.Error)]
    [InlineData(MismatchPolicy.Warn)]
    [InlineData(MismatchPolicy.Ignore)]
    public void Mismatches_are_treated_as_in_Python(MismatchPolicy policy)
    {
        Saved(Map(("a", Tensor.From<float>([1, 2]))));
        Tensor zero = new float[] { 0 }, zeros = new float[] { 0, 0 }, threeZeros = new float[] { 0, 0, 0 };

        Row(
            new Dictionary<string, Tensor> { ["a"] = zeros, ["b"] = zero },
            "The target dict keys and state dict keys do not match, target dict contains keys {'b'} which are not present in state dict at path .",
            result => Assert.Equal([1f, 2f, 0f], [.. Floats(result["a"]), .. Floats(result["b"])]));
        Row(new Dictionary<string, Tensor>(), null, Assert.Empty);
        Row(
            new Dictionary<string, Tensor> { ["a"] = threeZeros },
            "Array shape mismatch: expected (3,), got (2,) at path ./a",
            result => Assert.Equal([1f, 2f], Floats(result["a"])));
        Row(new Dictionary<string, Tensor> { ["a"] = new double[] { 0, 0 } }, null, result => Assert.Equal(DType.Float32, result["a"].DType));
        Row(
            Flat(("a", new ParamState(threeZeros))),
            "Array shape mismatch: expected (3,), got (2,) at path ./a",
            result => Assert.Equal([1f, 2f], Floats(result["a"])));
        Row(
            Flat(("a/x", new ParamState(zero)), ("a/y", new ParamState(zero))),
            "Value mismatch: expected a map, got float32[2] at path ./a",
            result => Assert.Equal([0f], Floats(result[StatePath.Of("a", "y")])));
        Row(
            Flat(("b/x", zero), ("a", zeros)),
            "The target dict keys and state dict keys do not match, target dict contains keys {'b'} which are not present in state dict at path .",
            result => Assert.Equal([1f, 2f, 0f], [.. Floats(result["a"]), .. Floats(result[StatePath.Of("b", "x")])]));

        Saved(Map(("a", Map(("b", "text")))));
        Row(
            Flat(("a", new ParamState(zero))),
            "Value mismatch: expected an array, got a map at path ./a",
            result => Assert.Equal([0f], Floats(result["a"])));
        Row(
            Flat(("a/b", new TreefyState(new ParamState(zero)))),
            "Value mismatch: expected an array, got a text at path ./a/b",
            result => Assert.Equal([0f], Floats(result[StatePath.Of("a", "b")].Value)));

        Saved(new[] { 1, 2, 3 });
        Row(new int[2], "The size of the list and the state dict do not match, got 2 and 3 at path .", result => Assert.Equal([1, 2], result));
        Row(
            new List<int> { 0, 0, 0, 9 },
            "The size of the list and the state dict do not match, got 4 and 3 at path .",
            result => Assert.Equal([1, 2, 3, 9], result));
        Row((0, 9), "The size of the list and the state dict do not match, got 2 and 3 at path .", result => Assert.Equal((1, 2), result));
        Row(new byte[][] { [1], [2], [3] }, string.Join('\n', Enumerable.Range(0, 3).Select(static i =>
            $"Value mismatch: expected Byte[], got {i + 1} at path ./{i}")), result => Assert.Equal([3], result[2]));

        void Row<T>(T target, string? message, Action<T> check)
        {
            if (policy == MismatchPolicy.Error && message is not null)
            {
                Assert.Equal(message, Assert.Throws<CheckpointException>(() => Load(target)).Message);
                return;
            }

            var warnings = new List<string>();
            check(Checkpoints.MsgpackLoad(Target, target, policy, verbose: false, onWarning: warnings.Add));
            Assert.Equal(policy == MismatchPolicy.Warn && message is not null ? message.Split('\n') : [], warnings);
        }
    }

    [Fact]
    public void A_mismatch_anywhere_changes_no_State()
    {
        Write(TutorialFile);
        var states = Flat(
            ("bias", new ParamState(new float[] { 5 })), ("extra", new ParamState(new float[] { 6 })), ("weight", new ParamState(new float[] { 7 })));
        Assert.Equal(
            "The target dict keys and state dict keys do not match, target dict contains keys {'extra'} which are not present in state dict at path .\n"
            + "Array shape mismatch: expected (1,), got (1, 1) at path ./weight",
            Fails(states));
        Assert.Throws<ArgumentOutOfRangeException>(() => Load(states, (MismatchPolicy)3));
        Assert.Throws<InvalidOperationException>(() => Checkpoints.MsgpackLoad(
            Target, states, MismatchPolicy.Warn, verbose: false, onWarning: static _ => throw new InvalidOperationException()));
        Assert.Equal([5f, 6f, 7f], states.Values.SelectMany(static s => Floats(s)));
        Assert.All(states.Values, static s => Assert.False(s.HasBeenWritten));
    }

    [Fact]
    public void A_hook_that_refuses_a_value_undoes_those_before()
    {
        Write(TutorialFile);
        var model = new Tutorial(0);
        model.Weight.Hooks.OnWriting(static (_, _, _) => throw new HookCancelledException("frozen"));
        Assert.Throws<HookCancelledException>(() => Load(model));
        Assert.Equal([0f, 0f], [.. Floats(model.Bias), .. Floats(model.Weight)]);
    }

    [Fact]
    public void Whatever_cannot_be_saved_is_named_and_leaves_the_old_file_alone()
    {
        Write(TutorialFile);
        Rejects<ArgumentException>("Can not serialize 'System.Object' object at path ./a/0", Map(("a", new object[] { new() })));
        Rejects<ArgumentException>("Can not serialize 'System.Collections.Generic.HashSet", Map(("a", new HashSet<int> { 1 })));
        Rejects<ArgumentException>("Collisions: {'1': [1, '1']} At path ./a", Map(("a", new Dictionary<object, int> { [1] = 2, ["1"] = 3 })));
        Rejects<ArgumentException>("Collisions: {'0'", new FlattedDict<int>([new(StatePath.Of(0), 1), new(StatePath.Of("0"), 2)]));
        Rejects<ArgumentException>("beginning of another", Flat(("a", 1), ("a/b", 2)));
        Rejects<ArgumentException>("Integer value out of range", BigInteger.Pow(2, 64));
        Rejects<ArgumentException>("reserved", Map(("__msgpack_chunked_array__", true)));
        var cycle = new List<object>();
        cycle.Add(cycle);
        Rejects<ArgumentException>("nested more than 512 levels", cycle);
        var disposed = Tensor.From<float>([1]);
        disposed.Dispose();
        Rejects<ObjectDisposedException>("disposed", disposed);
        Trace.Run([new Aval(new(DType.Float32, [2]), false)], inputs =>
        {
            Rejects<TracedValueException>("cannot be read", Map(("a", 1), ("b", inputs[0])));
            return inputs;
        });

        void Rejects<T>(string message, object target) where T : Exception
        {
            Assert.Contains(message, Assert.Throws<T>(() => Saved(target)).Message);
            Assert.Equal(TutorialFile, Convert.ToHexStringLower(File.ReadAllBytes(Target)));
            Assert.Equal([Target], Directory.GetFiles(Path.GetDirectoryName(Target)!));
        }
    }

    [Fact]
    public void An_existing_file_is_kept_unless_it_may_be_overwritten()
    {
        Write("01");
        Assert.Throws<CheckpointException>(() => Checkpoints.MsgpackSave(Target, 2, overwrite: false, verbose: false));
        Assert.Equal(1L, Checkpoints.MsgpackLoad(Target, false));
    }

    [Fact]
    public void Broken_and_missing_files_are_named()
    {
        Write(TutorialFile[..^2]);
        Assert.Equal(
            $"Invalid checkpoint at \"{Target}\": Corrupt or invalid checkpoint data: Unpack failed: incomplete input.", Fails(new Tutorial()));
        Assert.Equal(
            "Checkpoint data too large: 53 bytes exceeds maximum 3 bytes",
            Assert.Throws<CheckpointException>(() => Checkpoints.MsgpackLoad(Target, verbose: false, maxSize: 3)).Message);
        Assert.Contains("Checkpoint not found", Assert.Throws<FileNotFoundException>(() => Checkpoints.MsgpackLoad(folder + "/none", verbose: false)).Message);
    }

    [Fact]
    public void Saving_and_loading_are_announced_and_warnings_traced()
    {
        var (console, output) = (Console.Out, new StringWriter());
        var log = new StringWriter();
        var listener = new System.Diagnostics.TextWriterTraceListener(log);
        Console.SetOut(TextWriter.Synchronized(output));
        System.Diagnostics.Trace.Listeners.Add(listener);
        try
        {
            Assert.Equal(Target, Checkpoints.MsgpackSave(Target, new Dictionary<string, int>()));
            Checkpoints.MsgpackLoad(Target, new Dictionary<string, int> { ["{0}"] = 1 }, MismatchPolicy.Warn);
        }
        finally
        {
            System.Diagnostics.Trace.Listeners.Remove(listener);
            Console.SetOut(console);
        }

        Assert.Contains($"Saving checkpoint into {Target}{Environment.NewLine}", output.ToString());
        Assert.Contains($"Loading checkpoint from {Target}{Environment.NewLine}", output.ToString());
        Assert.Contains("target dict contains keys {'{0}'}", log.ToString());
    }

    public static TheoryData<DType> DTypes => [.. DType.All];

    [Theory]
    [MemberData(nameof(DTypes))]
    public void Every_dtype_and_shape_round_trips(DType dtype)
    {
        foreach (var shape in new Shape[] { [], [0], [3], [2, 0, 3], [2, 3] })
        {
            var spec = new TensorSpec(dtype, shape);
            var bytes = Enumerable.Range(1, (int)spec.ByteCount).Select(i => dtype == DType.Bool ? (byte)(i % 2) : (byte)(i * 37)).ToArray();
            Saved(new LongTermState(Tensor.FromBytes(bytes, spec)));

            var state = new LongTermState(Tensor.FromBytes(new byte[bytes.Length], spec));
            Assert.Same(state, Load(state));
            AssertHolds(state.Value);
            AssertHolds(Assert.IsType<Tensor>(Checkpoints.MsgpackLoad(Target, verbose: false)));

            void AssertHolds(Tensor tensor)
            {
                Assert.Equal(spec, tensor.Spec);
                Assert.False(tensor.IsWeak);
                var held = new byte[bytes.Length];
                tensor.CopyBytesTo(held);
                Assert.Equal(bytes, held);
            }
        }
    }

    [Fact]
    public void NumPy_scalars_of_every_type_become_the_number_of_that_type()
    {
        (object Number, string Hex)[] numbers =
        [
            (true, "01"), ((sbyte)-1, "ff"), ((short)-2, "feff"), (-3, "fdffffff"), (-4L, "fcffffffffffffff"), ((byte)1, "01"), ((ushort)2, "0200"),
            (3u, "03000000"), (4ul, "0400000000000000"), ((Half)1, "003c"), ((BFloat16)1f, "803f"), (1f, "0000803f"), (1.0, "000000000000f03f"),
            (new Complex(1, 2), "0000803f00000040"), (new Complex(1, 2), "000000000000f03f0000000000000040"),
        ];
        foreach (var (dtype, (number, hex)) in DType.All.Zip(numbers))
        {
            var bytes = Convert.FromHexString(hex);
            Write(Convert.ToHexStringLower(MsgPack.Pack(new ArrayLeaf(dtype.Name, [], bytes, isNumPyScalar: true))));
            Assert.Equal(number, Checkpoints.MsgpackLoad(Target, verbose: false));
            Assert.Equal(number, Load(number));
        }
    }

    [Fact]
    public void What_tensors_cannot_hold_stays_as_it_is()
    {
        Keep("81a161c71b01939101ad6461746574696d6536345b445dc4085647000000000000");
        Keep("81a161c71301939102a57374723634c4086100000062000000");
        Keep("81a161d42a78");
        Keep(Convert.ToHexStringLower(MsgPack.Pack(Map(("a", new ArrayLeaf("float32", [0, 1L << 40], default))))));
        Keep(Convert.ToHexStringLower(MsgPack.Pack(Map(("a", new ArrayLeaf("i8", [1], new byte[8]))))));

        void Keep(string hex)
        {
            Write(hex);
            var file = Checkpoints.MsgpackLoad(Target, verbose: false);
            Assert.IsNotType<Tensor>(((OrderedDictionary<string, object?>)file!)["a"]);
            Assert.Equal(hex, Saved(file));
            Write(hex);
            Assert.Equal(hex, Saved(Load(file)));
            Assert.Contains("Value mismatch: expected an array, got", Fails(Flat(("a", new ParamState(0)))));
        }
    }

    [Fact]
    public void Truth_values_are_0_and_1_and_lists_of_others_are_lists()
    {
        Write("81a161c70c01939102a4626f6f6cc4020500");
        var held = new byte[2];
        Load(Map(("a", (Tensor)Array(DType.Bool, [2], "0000")))).Values.OfType<Tensor>().Single().CopyBytesTo(held);
        Assert.Equal([1, 0], held);

        Write("9201a161");
        Assert.Equal(new object?[] { 1L, "a" }, Checkpoints.MsgpackLoad(Target, verbose: false));
        Assert.Equal((1, "a"), Load((0, "")));
        Assert.Equal((1L, "a"), Load<(object?, string?)>((null, null)));
    }

    [Fact]
    public void A_State_left_over_from_a_transform_can_be_loaded()
    {
        ParamState? leftOver = null;
        Trace.Run([new Aval(new(DType.Float32, [1]), false)], inputs =>
        {
            leftOver = new ParamState(inputs[0]);
            return [];
        });
        Assert.Throws<TracedValueException>(() => Saved(leftOver));
        Saved(Tensor.From<float>([3]));
        Load(leftOver);
        Assert.Equal([3f], Floats(leftOver));
    }

    T Load<T>(T target, MismatchPolicy policy = MismatchPolicy.Error) => Checkpoints.MsgpackLoad(Target, target, policy, verbose: false);

    string Fails<T>(T target) => Assert.Throws<CheckpointException>(() => Load(target)).Message;

    string Saved(object? target)
    {
        Checkpoints.MsgpackSave(Target, target, verbose: false);
        return Convert.ToHexStringLower(File.ReadAllBytes(Target));
    }

    void Write(string hex)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Target)!);
        File.WriteAllBytes(Target, Convert.FromHexString(hex));
    }

    static OrderedDictionary<string, object?> Map(params (string Key, object? Value)[] entries) =>
        new(entries.Select(static e => KeyValuePair.Create(e.Key, e.Value)));

    static FlattedDict<T> Flat<T>(params (string Path, T Value)[] entries) =>
        new(entries.Select(static e => KeyValuePair.Create(StatePath.Of(e.Path.Split('/')), e.Value)));

    static Tensor Array(DType dtype, Shape shape, string hex) => Tensor.FromBytes(Convert.FromHexString(hex), new(dtype, shape));

    static float[] Floats(object? value) => (value is State state ? state.Value : (Tensor)value!).ToArray<float>();

    sealed class Tutorial(int? scale = null) : Module
    {
        public ParamState Weight { get; } = new(scale is { } s ? new float[,] { { s } } : Array(DType.Float32, [1, 1], "8d144140"));

        public ParamState Bias { get; } = new(scale is { } s ? new float[] { s } : Array(DType.Float32, [1], "90c3803f"));
    }

    sealed class Layers(int offset = 0) : Module
    {
        [StateName("layers")]
        public List<Tutorial> Members { get; } = [.. Enumerable.Range(offset, 11).Select(static i => new Tutorial(i))];

        [StateName("generator")]
        public RandomState Random { get; } = new(offset);
    }
}
