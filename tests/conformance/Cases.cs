using BrainState.Interpretation;
using BrainState.Programs;

namespace BrainState.Conformance;

/// <summary>The first cases: one per family of core ops, with results that can be checked by hand.</summary>
public static class Cases
{
    /// <summary>All cases, with distinct names.</summary>
    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        Exact("add/int32/wraps", "program(%0:i32[2], %1:i32[2]) { %2:i32[2] = add %0 %1 return %2 }",
            [HostValue.Of([2], int.MaxValue, 2), HostValue.Of([2], 1, 3)], [HostValue.Of([2], int.MinValue, 5)]),
        Exact("div/int32/by zero and towards zero", "program(%0:i32[3], %1:i32[3]) { %2:i32[3] = div %0 %1 return %2 }",
            [HostValue.Of([3], 7, -7, int.MinValue), HostValue.Of([3], 0, 2, -1)], [HostValue.Of([3], -1, -3, int.MinValue)]),
        Exact("max/float32/NaN", "program(%0:f32[3], %1:f32[3]) { %2:f32[3] = max %0 %1 return %2 }",
            [HostValue.Of([3], 1f, float.NaN, -1f), HostValue.Of([3], 2f, 0f, -2f)], [HostValue.Of([3], 2f, float.NaN, -1f)]),
        Exact("select_n/float32/scalar selector", "program(%0:bool[], %1:f32[2], %2:f32[2]) { %3:f32[2] = select_n %0 %1 %2 return %3 }",
            [HostValue.Of([], true), HostValue.Of([2], 1f, 2f), HostValue.Of([2], 3f, 4f)], [HostValue.Of([2], 3f, 4f)]),
        Exact("convert_element_type/float32 to int32/saturates", "program(%0:f32[4]) { %1:i32[4] = convert_element_type[new_dtype=int32] %0 return %1 }",
            [HostValue.Of([4], 3.9f, -3.9f, 1e20f, float.NaN)], [HostValue.Of([4], 3, -3, int.MaxValue, 0)]),
        Exact("transpose/float32", "program(%0:f32[2,3]) { %1:f32[3,2] = transpose[permutation=(1, 0)] %0 return %1 }",
            [HostValue.Of([2, 3], 1f, 2, 3, 4, 5, 6)], [HostValue.Of([3, 2], 1f, 4, 2, 5, 3, 6)]),
        Exact("pad/float32/negative and interior", "program(%0:f32[3]) { %1:f32[5] = pad[padding_config=((1, -1, 1),)] %0 9.0:f32[] return %1 }",
            [HostValue.Of([3], 1f, 2, 3)], [HostValue.Of([5], 9f, 1, 9, 2, 9)]),
        Exact("dynamic_slice/float32/clamps", "program(%0:f32[4], %1:i32[]) { %2:f32[2] = dynamic_slice[slice_sizes=(2,)] %0 %1 return %2 }",
            [HostValue.Of([4], 1f, 2, 3, 4), HostValue.Of([], 9)], [HostValue.Of([2], 3f, 4)]),
        Exact("reduce_sum/float32/nothing", "program(%0:f32[0,2]) { %1:f32[2] = reduce_sum[axes=(0,)] %0 return %1 }",
            [HostValue.Of<float>([0, 2])], [HostValue.Of([2], 0f, 0f)]),
        Exact("argmax/float32/first NaN", "program(%0:f32[4]) { %1:i32[] = argmax[axes=(0,) index_dtype=int32] %0 return %1 }",
            [HostValue.Of([4], 1f, float.NaN, 5f, float.NaN)], [HostValue.Of([], 1)]),
        Exact("sort/float32/NaN last", "program(%0:f32[4], %1:i32[4]) { %2:f32[4] %3:i32[4] = sort[dimension=0 num_keys=1] %0 %1 return %2, %3 }",
            [HostValue.Of([4], float.NaN, 2f, -1f, 2f), HostValue.Of([4], 0, 1, 2, 3)], [HostValue.Of([4], -1f, 2f, 2f, float.NaN), HostValue.Of([4], 2, 1, 3, 0)]),
        Exact("dot_general/float32/matrix product",
            "program(%0:f32[2,2], %1:f32[2,2]) { %2:f32[2,2] = dot_general[dimension_numbers=(([1], [0]), ([], [])) preferred_element_type=float32] %0 %1 return %2 }",
            [HostValue.Of([2, 2], 1f, 2, 3, 4), HostValue.Of([2, 2], 5f, 6, 7, 8)], [HostValue.Of([2, 2], 19f, 22, 43, 50)]),
        Exact("random_bits/uint64/Random123 known answer", "program(%0:u32[2]) { %1:u64[1] = random_bits[dtype=uint64 shape=(1,)] %0 return %1 }",
            [HostValue.Of([2], 0u, 0u)], [HostValue.Of([1], 0x6b20015999ba4efeUL)]),
        Close("tanh/float32", "program(%0:f32[3]) { %1:f32[3] = tanh %0 return %1 }",
            [HostValue.Of([3], -0.5f, 0f, 20f)], [HostValue.Of([3], -0.46211717f, 0f, 1f)]),
        Exact("while/int32/doubles until 100",
            "program(%0:i32[]) { %1:i32[] = while[body=program(%0:i32[]) { %1:i32[] = mul %0 2:i32[] return %1 } body_nconsts=0 "
            + "cond=program(%0:i32[]) { %1:bool[] = lt %0 100:i32[] return %1 } cond_nconsts=0] %0 return %1 }",
            [HostValue.Of([], 3)], [HostValue.Of([], 192)]),
        Exact("scan/float32/running sum",
            "program(%0:f32[], %1:f32[3]) { %2:f32[] %3:f32[3] = scan[body=program(%0:f32[], %1:f32[]) { %2:f32[] = add %0 %1 %3:f32[] = mul %2 1.0:f32[] return %2, %3 } "
            + "length=3 num_carry=1 num_consts=0 reverse=False unroll=1] %0 %1 return %2, %3 }",
            [HostValue.Of([], 10f), HostValue.Of([3], 1f, 2, 3)], [HostValue.Of([], 16f), HostValue.Of([3], 11f, 13, 16)]),
    ];

    private static ConformanceCase Exact(string name, string program, HostValue[] inputs, HostValue[] expected) =>
        new(name, Program.Parse(program), inputs, expected, Tolerance.Exact);

    private static ConformanceCase Close(string name, string program, HostValue[] inputs, HostValue[] expected) =>
        new(name, Program.Parse(program), inputs, expected, Tolerance.Float32);
}
