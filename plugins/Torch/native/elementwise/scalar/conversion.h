// Between lanes, and between the half precision formats and the f32 lanes that hold them.
#pragma once

#include "elementwise/scalar/base.h"

namespace brainstate::BRAINSTATE_ISA {

// Floats truncate in integers, saturate, and NaN gives 0; integers wrap around in integers and are rounded once in floats.
template <class To>
struct Convert {
    template <class From>
    HOST_DEVICE static To of(From x) {
        if constexpr (is_float<From> && !is_float<To>) {
            // 2 to the width, or to one less with a sign: the first number above all of To, and its negative the last of To, are floats.
            constexpr auto end = From(2) * static_cast<From>(u64(1) << (width_of<To> - (has_sign<To> ? 2 : 1)));
            constexpr auto begin = has_sign<To> ? -end : From(0);
            constexpr auto largest = static_cast<To>(has_sign<To> ? (u64(1) << (width_of<To> - 1)) - 1 : ~u64(0));
            constexpr auto smallest = static_cast<To>(has_sign<To> ? u64(1) << (width_of<To> - 1) : u64(0));
            const auto inside = x >= begin && x < end ? x : From(0);
            To result;
            if constexpr (sizeof(To) < 4) result = static_cast<To>(static_cast<i32>(inside));
            else result = static_cast<To>(inside);
            result = x >= end ? largest : result;
            return x < begin ? smallest : result;
        } else
            return static_cast<To>(x);
    }
};

struct NotZero {
    template <class T>
    HOST_DEVICE static u8 of(T x) { return x != T(0); }
};

// A 64-bit integer that f64 represents exactly and that rounds to fewer bits as x does: what is cut off stays as a lowest bit.
struct RoundToOdd {
    HOST_DEVICE static u64 of(u64 x) {
        constexpr u64 cut = (1 << 11) - 1;
        const u64 odd = (x & cut) != 0 ? (x & ~cut) | (cut + 1) : x;
        return x >> 53 == 0 ? x : odd;
    }

    HOST_DEVICE static i64 of(i64 x) {
        const auto bits = static_cast<u64>(x);
        return x < 0 ? static_cast<i64>(0 - of(0 - bits)) : static_cast<i64>(of(bits));
    }
};

// f64 to f32, rounded so that rounding it again to fewer bits gives what rounding x at once would.
HOST_DEVICE f32 odd_float_of(f64 x) {
    const f32 nearest = static_cast<f32>(x);
    const f64 back = static_cast<f64>(nearest);
    const u32 bits = bits_of(nearest);
    const u32 towards_zero = magnitude_of(back) > magnitude_of(x) ? bits - 1 : bits;
    const bool is_final = back == x || x != x || magnitude_of(nearest) == infinity(nearest);
    return is_final ? nearest : float_of(towards_zero | 1);
}

// f32 to the nearest float16, ties to even.
struct RoundToFloat16 {
    HOST_DEVICE static f32 of(f32 x) {
        const f32 magnitude = magnitude_of(x);
        const u32 bits = bits_of(magnitude);
        // Half a unit of the 10-bit fraction is added, less one bit if that fraction is even already, and the rest cut.
        const f32 normal = float_of((bits + ((bits >> 13) & 1) + 0xFFF) & ~0x1FFFu);
        // Denormals are multiples of 2⁻²⁴, the unit of the numbers around one half.
        const f32 denormal = magnitude + 0.5f - 0.5f;
        f32 rounded = magnitude < 6.103515625e-05f ? denormal : normal;
        rounded = magnitude >= 65520.0f ? infinity(x) : rounded;
        return x != x ? x : with_sign_of(rounded, x);
    }
};

// f32 to the nearest bfloat16, ties to even. A NaN keeps a fraction bit that survives the cut.
struct RoundToBFloat16 {
    HOST_DEVICE static f32 of(f32 x) {
        const u32 bits = bits_of(x);
        const u32 rounded = (bits + ((bits >> 16) & 1) + 0x7FFF) & 0xFFFF0000u;
        return float_of(x != x ? (bits & 0xFFFF0000u) | 0x00400000u : rounded);
    }
};

struct NarrowToFloat16 {
    HOST_DEVICE static f32 of(f64 x) { return RoundToFloat16::of(odd_float_of(x)); }
};

struct NarrowToBFloat16 {
    HOST_DEVICE static f32 of(f64 x) { return RoundToBFloat16::of(odd_float_of(x)); }
};

// Exponent and fraction are moved into place, and a product corrects the exponent bias and normalises denormals; infinities and NaNs get the exponent bits that they lack.
struct ReadFloat16 {
    HOST_DEVICE static f32 of(u16 x) {
        const u32 magnitude = (x & 0x7FFFu) << 13;
        const u32 value = bits_of(float_of(magnitude) * float_of((127u + 112u) << 23));
        const u32 special = magnitude >= (0x7C00u << 13) ? 0x7F800000u : 0u;
        return float_of(value | special | ((x & 0x8000u) << 16));
    }
};

// The bits of a number that float16 represents. A NaN gets the quiet bit, so that it does not become infinity when its other bits are cut off.
struct WriteFloat16 {
    HOST_DEVICE static u16 of(f32 x) {
        const u32 bits = bits_of(x);
        const u32 magnitude = bits & 0x7FFFFFFFu;
        const u32 normal = (magnitude - (112u << 23)) >> 13;
        const u32 denormal = bits_of(magnitude_of(x) + 0.5f) - 0x3F000000u;
        const u32 special = magnitude > 0x7F800000u ? 0x7E00u | ((magnitude & 0x007FFFFFu) >> 13) : 0x7C00u;
        u32 result = magnitude < (113u << 23) ? denormal : normal;
        result = magnitude >= 0x7F800000u ? special : result;
        return static_cast<u16>(result | ((bits >> 16) & 0x8000u));
    }
};

struct ReadBFloat16 {
    HOST_DEVICE static f32 of(u16 x) { return float_of(static_cast<u32>(x) << 16); }
};

// The bits of a number that bfloat16 represents.
struct WriteBFloat16 {
    HOST_DEVICE static u16 of(f32 x) { return static_cast<u16>(bits_of(x) >> 16); }
};

}  // namespace brainstate::BRAINSTATE_ISA
