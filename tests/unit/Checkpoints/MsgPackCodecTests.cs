using System.Collections.Immutable;
using System.Numerics;
using BrainState.Serialization;
using Xunit;

namespace BrainState.UnitTests.Serialization;

/// <summary>The checkpoint codec against bytes written by braintools and flax, and against corrupt data.</summary>
public class MsgPackCodecTests
{
    const string TutorialFile =
        "82a462696173c71101939101a7666c6f61743332c40490c3803fa6776569676874c7120193920101a7666c6f61743332c4048d144140";

    /// <summary>Golden files: a name, the tree, and its bytes in Python. Both directions hold.</summary>
    static readonly (string Name, object? Tree, string Hex)[] Vectors =
    [
        ("tutorial", Map(("bias", F32([1], "90c3803f")), ("weight", F32([1, 1], "8d144140"))), TutorialFile),
        ("0-d float32", Map(("a", F32([], "00002040"))), "81a161d8019390a7666c6f61743332c40400002040"),
        ("float32 scalar", Map(("a", Leaf("float32", [], "00002040", true))), "81a161d8039390a7666c6f61743332c40400002040"),
        ("float64 scalar", Map(("a", Leaf("float64", [], "0000000000000440", true))),
            "81a161c714039390a7666c6f61743634c4080000000000000440"),
        ("float", Map(("a", 2.5)), "81a161cb4004000000000000"),
        ("small int", Map(("a", 3L)), "81a16103"),
        ("negative int", Map(("a", -7L)), "81a161f9"),
        ("uint16", Map(("a", 300L)), "81a161cd012c"),
        ("uint64", Map(("a", 1L << 40)), "81a161cf0000010000000000"),
        ("others", Map(("a", true), ("b", null), ("c", "hi"), ("d", new byte[] { 0, 1 })), "84a161c3a162c0a163a26869a164c4020001"),
        ("complex", Map(("a", new Complex(1, 2))), "81a161c7130292cb3ff0000000000000cb4000000000000000"),
        ("bool[2]", Map(("a", Leaf("bool", [2], "0100"))), "81a161c70c01939102a4626f6f6cc4020100"),
        ("int32[2]", Map(("a", Leaf("int32", [2], "01000000ffffffff"))), "81a161c71301939102a5696e743332c40801000000ffffffff"),
        ("uint8[3]", Map(("a", Leaf("uint8", [3], "010203"))), "81a161c70e01939103a575696e7438c403010203"),
        ("float64[1]", Map(("a", Leaf("float64", [1], "000000000000f03f"))),
            "81a161c71501939101a7666c6f61743634c408000000000000f03f"),
        ("float16[1]", Map(("a", Leaf("float16", [1], "003c"))), "81a161c70f01939101a7666c6f61743136c402003c"),
        ("complex64[1]", Map(("a", Leaf("complex64", [1], "0000803f00000040"))),
            "81a161c71701939101a9636f6d706c65783634c4080000803f00000040"),
        ("empty array", Map(("a", F32([0, 3], ""))), "81a161c70e0193920003a7666c6f61743332c400"),
        ("2x2", Map(("a", F32([2, 2], "000000000000803f0000004000004040"))),
            "81a161c71e0193920202a7666c6f61743332c410000000000000803f0000004000004040"),
        ("list", Map(("l", Map(("0", 1L), ("1", 2.0)))), "81a16c82a13001a131cb4000000000000000"),
        ("top-level list", Map(("0", 1L), ("1", Map(("0", 2L)))), "82a13001a13181a13002"),
        ("top-level array", F32([1], "0000803f"), "c71101939101a7666c6f61743332c4040000803f"),
        ("named tuple", Map(("count", Leaf("int32", [], "00000000")), ("mu", Map(("w", F32([1], "00000000"))))),
            "82a5636f756e74c70e019390a5696e743332c40400000000a26d7581a177c71101939101a7666c6f61743332c40400000000"),
        ("nested", Map(("s", Map(("l", Map(("w", F32([1], "00000000"))))))),
            "81a17381a16c81a177c71101939101a7666c6f61743332c40400000000"),
        ("dates", Map(("a", Leaf("datetime64[D]", [1], "5647000000000000"))),
            "81a161c71b01939101ad6461746574696d6536345b445dc4085647000000000000"),
        ("strings", Map(("a", Leaf("str64", [2], "6100000062000000"))), "81a161c71301939102a57374723634c4086100000062000000"),
        ("unknown extension", Map(("a", new ExtLeaf(42, "x"u8.ToArray()))), "81a161d42a78"),
    ];

    const string ChunkedFile =
        "83b95f5f6d73677061636b5f6368756e6b65645f61727261795f5fc3a5736861706581a13005a66368756e6b7383a130c71501939102a7666c6f617433"
        + "32c408000000000000803fa131c71501939102a7666c6f61743332c4080000004000004040a132c71101939101a7666c6f61743332c40400008040";

    public static TheoryData<string> VectorNames => [.. Vectors.Select(v => v.Name)];

    [Theory]
    [MemberData(nameof(VectorNames))]
    public void Packs_the_bytes_of_Python(string name)
    {
        var (_, tree, hex) = Vectors.Single(v => v.Name == name);
        Assert.Equal(hex, Convert.ToHexStringLower(MsgPack.Pack(tree)));
    }

    [Theory]
    [MemberData(nameof(VectorNames))]
    public void Unpacks_the_bytes_of_Python(string name)
    {
        var (_, tree, hex) = Vectors.Single(v => v.Name == name);
        AssertSame(tree, MsgPack.Unpack(Convert.FromHexString(hex)));
        AssertSame(tree, MsgPack.Unpack(new MemoryStream(Convert.FromHexString("00" + hex)) { Position = 1 }));
    }

    [Theory]
    [InlineData(0, "00")]
    [InlineData(127, "7f")]
    [InlineData(128, "cc80")]
    [InlineData(255, "ccff")]
    [InlineData(256, "cd0100")]
    [InlineData(65536, "ce00010000")]
    [InlineData(4294967296, "cf0000000100000000")]
    [InlineData(-1, "ff")]
    [InlineData(-32, "e0")]
    [InlineData(-33, "d0df")]
    [InlineData(-128, "d080")]
    [InlineData(-129, "d1ff7f")]
    [InlineData(-32769, "d2ffff7fff")]
    [InlineData(-2147483649, "d3ffffffff7fffffff")]
    [InlineData(long.MinValue, "d38000000000000000")]
    public void Integers_take_their_shortest_form(long value, string hex)
    {
        Assert.Equal(hex, Convert.ToHexStringLower(MsgPack.Pack(value)));
        Assert.Equal(value, MsgPack.Unpack(Convert.FromHexString(hex)));
    }

    [Fact]
    public void Every_integer_type_packs_and_the_largest_comes_back_unsigned()
    {
        object[] threes = [(sbyte)3, (short)3, 3, 3L, (byte)3, (ushort)3, 3u, 3ul, (BigInteger)3, (Int128)3, (UInt128)3];
        Assert.All(threes, three => Assert.Equal("03", Convert.ToHexStringLower(MsgPack.Pack(three))));
        Assert.Equal(ulong.MaxValue, MsgPack.Unpack(MsgPack.Pack(ulong.MaxValue)));
        Assert.Equal(2.5, MsgPack.Unpack(MsgPack.Pack(2.5f)));
        Assert.Equal(0.5, MsgPack.Unpack(Convert.FromHexString("ca3f000000")));
    }

    [Theory]
    [InlineData(31, 1)]
    [InlineData(32, 2)]
    [InlineData(255, 2)]
    [InlineData(256, 3)]
    [InlineData(65536, 5)]
    public void Text_and_bytes_of_every_length_class_round_trip(int length, int header)
    {
        var text = new string('x', length);
        Assert.Equal(length + header, MsgPack.Pack(text).Length);
        Assert.Equal(text, MsgPack.Unpack(MsgPack.Pack(text)));
        var bytes = new byte[length];
        Assert.Equal(bytes, MsgPack.Unpack(MsgPack.Pack(bytes)));
        Assert.Equal(bytes, ((ExtLeaf)MsgPack.Unpack(MsgPack.Pack(new ExtLeaf(-1, bytes)))!).Data.ToArray());
    }

    [Theory]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(70000)]
    public void Maps_of_every_length_class_keep_their_order(int count)
    {
        var map = new OrderedDictionary<string, object?>();
        for (var i = count; i > 0; i--)
            map.Add($"k{i}", (long)i);
        AssertSame(map, MsgPack.Unpack(MsgPack.Pack(map)));
    }

    [Fact]
    public void Lists_tuples_and_keys_of_any_type_become_text_keys()
    {
        Assert.Equal("82a13001a131cb4000000000000000", Convert.ToHexStringLower(MsgPack.Pack(new List<object> { 1, 2.0 })));
        Assert.Equal("82a13001a13102", Convert.ToHexStringLower(MsgPack.Pack((1, 2))));
        Assert.Equal("82a13001a13102", Convert.ToHexStringLower(MsgPack.Pack(ImmutableArray.Create(1, 2))));
        Assert.Equal("81a13102", Convert.ToHexStringLower(MsgPack.Pack(new Dictionary<int, int> { [1] = 2 })));
    }

    [Fact]
    public void Lists_written_by_others_come_back_as_lists()
    {
        Assert.Equal(new object?[] { 1L, "a" }, MsgPack.Unpack(Convert.FromHexString("9201a161")));
    }

    [Fact]
    public void Large_arrays_are_written_in_chunks_and_joined_again()
    {
        var array = F32([5], "000000000000803f000000400000404000008040");
        var stream = new MemoryStream();
        new MsgPackWriter(stream, maxChunkBytes: 8).WriteTree(array);
        Assert.Equal(ChunkedFile, Convert.ToHexStringLower(stream.ToArray()));
        AssertSame(array, MsgPack.Unpack(stream.ToArray()));

        stream.SetLength(0);
        new MsgPackWriter(stream, maxChunkBytes: 8).WriteTree(Map(("a", array)));
        Assert.Equal("81a161" + ChunkedFile, Convert.ToHexStringLower(stream.ToArray()));
        AssertSame(Map(("a", array)), MsgPack.Unpack(stream.ToArray()));
    }

    [Fact]
    public void What_cannot_be_written_is_named_with_its_path()
    {
        Rejects("Collisions: {'1': [1, '1']}", new Dictionary<object, object> { [1] = 2, ["1"] = 3 });
        Rejects("Can not serialize 'System.Object' object at path ./a/0", Map(("a", new List<object> { new() })));
        Rejects("System.Collections.Generic.HashSet", Map(("a", new HashSet<int> { 1 })));
        Rejects("Integer value out of range at path ./a", Map(("a", BigInteger.Pow(2, 64))));
        Rejects("Integer value out of range at path .:", (Int128)long.MinValue - 1);
        Rejects("not valid Unicode", Map(("a", "\ud800")));
        Rejects("reserved", Map((ChunkedArray.Marker, true)));
        Rejects("object at path ./a", Map(("a", new int[1, 1])));

        var cycle = new Dictionary<string, object?>();
        cycle["self"] = cycle;
        Rejects("nested more than 512 levels", cycle);

        static void Rejects(string message, object? tree) =>
            Assert.Contains(message, Assert.Throws<ArgumentException>(() => MsgPack.Pack(tree)).Message);
    }

    [Fact]
    public void Leaves_check_their_parts()
    {
        Assert.Throws<ArgumentException>(() => F32([2], "00000000"));
        Assert.Throws<ArgumentException>(() => F32([-1], ""));
        Assert.Throws<ArgumentException>(() => F32(default, ""));
        Assert.Throws<ArgumentException>(() => F32([long.MaxValue, long.MaxValue, 4], ""));
        Assert.Throws<ArgumentException>(() => Leaf("float32", [1], "00000000", scalar: true));
        Assert.Throws<ArgumentException>(() => Leaf("str64", [2], "000000"));
        Assert.Throws<ArgumentException>(() => Leaf("", [], ""));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ExtLeaf(1, default));
        Assert.Equal(6, F32([2, 3], new string('0', 48)).ElementCount);
        Assert.Equal("float32[2, 3]", F32([2, 3], new string('0', 48)).ToString());
    }

    [Theory]
    [InlineData("", "Unpack failed: incomplete input")]
    [InlineData("0000", "unpack(b) received extra data")]
    [InlineData("c1", "the byte 0xc1 at offset 0 starts no value")]
    [InlineData("81a1", "Unpack failed: incomplete input")]
    [InlineData("810102", "the map key at offset 1 is no text")]
    [InlineData("a1ff", "a text is not valid UTF-8")]
    [InlineData("c6ffffffff00", "Unpack failed: incomplete input")]
    [InlineData("dbffffffff00", "Unpack failed: incomplete input")]
    [InlineData("ddffffffff00", "Unpack failed: incomplete input")]
    [InlineData("dfffffffff00", "Unpack failed: incomplete input")]
    [InlineData("c9ffffffff0100", "Unpack failed: incomplete input")]
    [InlineData("c70e01939103a575696e7438c403010203ff", "unpack(b) received extra data")]
    [InlineData("c70f01939103a575696e7438c403010203ff", "unpack(b) received extra data")]
    [InlineData("c70e01939104a575696e7438c403010203", "An array uint8[4] has 4 bytes, not 3")]
    [InlineData("c70e019391ffa575696e7438c403010203", "The dimensions (-1) are negative or too large")]
    [InlineData("c70e039391 03a575696e7438c403010203", "A NumPy scalar has no dimensions, not (3)")]
    [InlineData("d4019a", "an array is no list of 3 parts")]
    [InlineData("d50293c0", "a complex number is no list of 2 parts")]
    [InlineData("c7030292c0c0", "a part of a complex number is no number")]
    [InlineData("c7040192d4015a", "an array is no list of 3 parts")]
    [InlineData("c7050193d4019090", "an extension value holds another one")]
    [InlineData("81b95f5f6d73677061636b5f6368756e6b65645f61727261795f5fc3", "a chunked array has no 'shape' map")]
    public void Corrupt_data_gets_one_clear_error(string hex, string message)
    {
        var data = Convert.FromHexString(hex.Replace(" ", ""));
        var error = Assert.Throws<CheckpointException>(() => MsgPack.Unpack(data));
        Assert.Equal($"Corrupt or invalid checkpoint data: {message}.", error.Message);
        Assert.Equal(error.Message, Assert.Throws<CheckpointException>(() => MsgPack.Unpack(new MemoryStream(data))).Message);
    }

    [Fact]
    public void Every_proper_prefix_of_a_file_fails_cleanly()
    {
        foreach (var file in new[] { TutorialFile, ChunkedFile }.Concat(Vectors.Select(v => v.Hex)).Select(Convert.FromHexString))
            for (var length = 0; length < file.Length; length++)
                Assert.Throws<CheckpointException>(() => MsgPack.Unpack(file.AsMemory(0, length)));
    }

    [Fact]
    public void Damaged_and_random_files_fail_cleanly_or_not_at_all()
    {
        var random = new Random(1);
        var files = Vectors.Select(v => v.Hex).Append(ChunkedFile).Select(Convert.FromHexString).ToArray();
        for (var trial = 0; trial < 20_000; trial++)
        {
            var data = (byte[])files[trial % files.Length].Clone();
            if (trial % 4 == 0)
                random.NextBytes(data);
            else
                data[random.Next(data.Length)] = (byte)random.Next(256);

            try
            {
                MsgPack.Unpack(data);
            }
            catch (CheckpointException)
            {
                // the one exception that corrupt data may cause
            }
        }
    }

    [Fact]
    public void Hostile_headers_allocate_nothing_and_deep_nesting_ends()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var header in new[] { "c6ffffffff", "dbffffffff", "ddffffffff", "dfffffffff", "c9ffffffff01" })
        {
            Assert.Throws<CheckpointException>(() => MsgPack.Unpack(Convert.FromHexString(header)));
            Assert.Throws<CheckpointException>(() => MsgPack.Unpack(new MemoryStream(Convert.FromHexString(header))));
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);

        var deep = new byte[1_000_000];
        Array.Fill(deep, (byte)0x91);
        Assert.Contains("nested more than 512 levels", Assert.Throws<CheckpointException>(() => MsgPack.Unpack(deep)).Message);
    }

    [Fact]
    public void The_deepest_tree_that_packs_also_unpacks()
    {
        object? tree = F32([1], "0000803f");
        for (var i = 0; i < 512; i++)
            tree = Map(("k", tree));
        AssertSame(tree, MsgPack.Unpack(MsgPack.Pack(tree)));
        Assert.Throws<ArgumentException>(() => MsgPack.Pack(Map(("k", tree))));
    }

    static OrderedDictionary<string, object?> Map(params (string Key, object? Value)[] entries)
    {
        var map = new OrderedDictionary<string, object?>();
        foreach (var (key, value) in entries)
            map.Add(key, value);
        return map;
    }

    static ArrayLeaf F32(ImmutableArray<long> dims, string hex) => Leaf("float32", dims, hex);

    static ArrayLeaf Leaf(string dtype, ImmutableArray<long> dims, string hex, bool scalar = false) =>
        new(dtype, dims, Convert.FromHexString(hex), scalar);

    static void AssertSame(object? expected, object? actual)
    {
        switch (expected)
        {
            case OrderedDictionary<string, object?> map:
                var other = Assert.IsType<OrderedDictionary<string, object?>>(actual);
                Assert.Equal(map.Keys, other.Keys);
                foreach (var (key, value) in map)
                    AssertSame(value, other[key]);
                break;
            case ArrayLeaf leaf:
                var array = Assert.IsType<ArrayLeaf>(actual);
                Assert.Equal((leaf.DTypeName, leaf.IsNumPyScalar), (array.DTypeName, array.IsNumPyScalar));
                Assert.Equal(leaf.Dims.ToArray(), array.Dims.ToArray());
                Assert.Equal(leaf.Bytes.ToArray(), array.Bytes.ToArray());
                break;
            case ExtLeaf extension:
                var found = Assert.IsType<ExtLeaf>(actual);
                Assert.Equal(extension.Code, found.Code);
                Assert.Equal(extension.Data.ToArray(), found.Data.ToArray());
                break;
            default:
                Assert.Equal(expected, actual);
                break;
        }
    }
}
