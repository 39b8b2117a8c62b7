// Ops on the bits of floats: sign, then exponent, then mantissa, so that the bits without the sign count the magnitudes in their order.
#pragma once

#include "elementwise/scalar/base.h"
#include "elementwise/scalar/conversion.h"

namespace brainstate::BRAINSTATE_ISA {

// A dtype's own bits, and the lane that holds it.
template <class TBits, int Exponent, int Mantissa>
struct FormatOf {
    using Bits = TBits;
    static constexpr int exponent_bits = Exponent;
    static constexpr int mantissa_bits = Mantissa;
    static constexpr Bits sign = static_cast<Bits>(Bits(1) << (Exponent + Mantissa));
    static constexpr Bits infinity = static_cast<Bits>(((Bits(1) << Exponent) - 1) << Mantissa);
};

struct Float16Format : FormatOf<u16, 5, 10> {
    HOST_DEVICE static u16 bits(f32 x) { return WriteFloat16::of(x); }
    HOST_DEVICE static f32 lane(u16 x) { return ReadFloat16::of(x); }
};

struct BFloat16Format : FormatOf<u16, 8, 7> {
    HOST_DEVICE static u16 bits(f32 x) { return WriteBFloat16::of(x); }
    HOST_DEVICE static f32 lane(u16 x) { return ReadBFloat16::of(x); }
};

struct Float32Format : FormatOf<u32, 8, 23> {
    HOST_DEVICE static u32 bits(f32 x) { return bits_of(x); }
    HOST_DEVICE static f32 lane(u32 x) { return float_of(x); }
};

struct Float64Format : FormatOf<u64, 11, 52> {
    HOST_DEVICE static u64 bits(f64 x) { return bits_of(x); }
    HOST_DEVICE static f64 lane(u64 x) { return float_of(x); }
};

// The neighbour of x towards y.
template <class Format>
struct NextAfter {
    template <class T>
    HOST_DEVICE static T of(T x, T y) {
        using B = typename Format::Bits;
        const B bits = Format::bits(x);
        const B step = (x < y) == (x > T(0)) ? static_cast<B>(bits + 1) : static_cast<B>(bits - 1);
        const B smallest = static_cast<B>(y < T(0) ? Format::sign | 1 : 1);
        const T next = Format::lane(x == T(0) ? smallest : step);
        const T result = x == y ? y : next;
        return x != x || y != y ? not_a_number(x) : result;
    }
};

using NextAfterFloat16 = NextAfter<Float16Format>;
using NextAfterBFloat16 = NextAfter<BFloat16Format>;
using NextAfterFloat32 = NextAfter<Float32Format>;
using NextAfterFloat64 = NextAfter<Float64Format>;

// x rounded to so many mantissa bits, ties to even, then held against the range of so many exponent bits. The parameter holds both, the exponent's in the low 32 bits.
template <class Format>
struct ReducePrecision {
    template <class T>
    HOST_DEVICE static T of(T x, u64 parameter) {
        const int exponent_bits = static_cast<int>(parameter & 0xFFFFFFFFu);
        const int mantissa_bits = static_cast<int>(parameter >> 32);
        const u64 bits = Format::bits(x);
        u64 magnitude = bits & ~static_cast<u64>(Format::sign);
        if (mantissa_bits < Format::mantissa_bits) {
            // Just less than half of the last place that stays, or exactly half if that place is odd. A carry goes into the exponent, as it should.
            const int dropped = Format::mantissa_bits - mantissa_bits;
            magnitude += (1ull << (dropped - 1)) - 1 + ((magnitude >> dropped) & 1);
            magnitude = magnitude >> dropped << dropped;
        }
        if (exponent_bits < Format::exponent_bits) {
            const int exponent = static_cast<int>(magnitude >> Format::mantissa_bits) - ((1 << (Format::exponent_bits - 1)) - 1);
            const int largest = (1 << (exponent_bits - 1)) - 1;
            magnitude = exponent > largest ? static_cast<u64>(Format::infinity) : exponent <= -largest ? 0 : magnitude;
        }
        const auto reduced = static_cast<typename Format::Bits>(magnitude | (bits & Format::sign));
        return x != x ? x : Format::lane(reduced);
    }
};

using ReducePrecisionFloat16 = ReducePrecision<Float16Format>;
using ReducePrecisionBFloat16 = ReducePrecision<BFloat16Format>;
using ReducePrecisionFloat32 = ReducePrecision<Float32Format>;
using ReducePrecisionFloat64 = ReducePrecision<Float64Format>;

}  // namespace brainstate::BRAINSTATE_ISA
