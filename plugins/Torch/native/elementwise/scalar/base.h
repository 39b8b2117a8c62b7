// What the meaning of the elementwise ops is written in. g++ and NVRTC compile it, the latter without any standard header.
//
// Every op is a type with a static function `of` on lanes: the numbers that registers hold. bool has the lane u8 (0 or 1), float16 and bfloat16 have f32, which represents both exactly.
#pragma once

#if defined(__CUDACC_RTC__)
#define HOST_DEVICE __device__ __forceinline__
#define LIBM(name) ::name
#else
#define HOST_DEVICE inline __attribute__((always_inline))
#define LIBM(name) __builtin_##name  // Not std::name, whose inline functions would be shared among objects that are compiled for different processors.
#endif

// Objects that are compiled for different processors must not share inline functions.
#if !defined(BRAINSTATE_ISA)
#define BRAINSTATE_ISA portable
#endif

namespace brainstate::BRAINSTATE_ISA {

using u8 = unsigned char;
using u16 = unsigned short;
using u32 = unsigned int;
using u64 = unsigned long long;
using i8 = signed char;
using i16 = short;
using i32 = int;
using i64 = long long;
using f32 = float;
using f64 = double;

// Bits: the unsigned integer as wide. Wide: an unsigned integer to compute in, which the language does not promote to a signed one.
template <class T>
struct LaneTraits;

template <class TBits, class TSigned, class TWide, bool Floating, bool Signed>
struct LaneTraitsOf {
    using Bits = TBits;
    using SignedBits = TSigned;
    using Wide = TWide;
    static constexpr bool is_floating = Floating;
    static constexpr bool is_signed = Signed;
    static constexpr int width = 8 * sizeof(TBits);
};

template <> struct LaneTraits<u8> : LaneTraitsOf<u8, i8, u32, false, false> {};
template <> struct LaneTraits<u16> : LaneTraitsOf<u16, i16, u32, false, false> {};
template <> struct LaneTraits<u32> : LaneTraitsOf<u32, i32, u32, false, false> {};
template <> struct LaneTraits<u64> : LaneTraitsOf<u64, i64, u64, false, false> {};
template <> struct LaneTraits<i8> : LaneTraitsOf<u8, i8, u32, false, true> {};
template <> struct LaneTraits<i16> : LaneTraitsOf<u16, i16, u32, false, true> {};
template <> struct LaneTraits<i32> : LaneTraitsOf<u32, i32, u32, false, true> {};
template <> struct LaneTraits<i64> : LaneTraitsOf<u64, i64, u64, false, true> {};
template <> struct LaneTraits<f32> : LaneTraitsOf<u32, i32, f32, true, true> {};
template <> struct LaneTraits<f64> : LaneTraitsOf<u64, i64, f64, true, true> {};

template <class T> using BitsOf = typename LaneTraits<T>::Bits;
template <class T> using SignedBitsOf = typename LaneTraits<T>::SignedBits;
template <class T> using WideOf = typename LaneTraits<T>::Wide;
template <class T> constexpr bool is_float = LaneTraits<T>::is_floating;
template <class T> constexpr bool has_sign = LaneTraits<T>::is_signed;
template <class T> constexpr int width_of = LaneTraits<T>::width;

#if defined(__CUDACC_RTC__)
HOST_DEVICE u32 bits_of(f32 x) { return __float_as_uint(x); }
HOST_DEVICE u64 bits_of(f64 x) { return static_cast<u64>(__double_as_longlong(x)); }
HOST_DEVICE f32 float_of(u32 bits) { return __uint_as_float(bits); }
HOST_DEVICE f64 float_of(u64 bits) { return __longlong_as_double(static_cast<i64>(bits)); }
#else
HOST_DEVICE u32 bits_of(f32 x) { return __builtin_bit_cast(u32, x); }
HOST_DEVICE u64 bits_of(f64 x) { return __builtin_bit_cast(u64, x); }
HOST_DEVICE f32 float_of(u32 bits) { return __builtin_bit_cast(f32, bits); }
HOST_DEVICE f64 float_of(u64 bits) { return __builtin_bit_cast(f64, bits); }
#endif

// The same bits in a lane as wide.
template <class To>
struct Bits {
    template <class T>
    HOST_DEVICE static To of(T x) {
        static_assert(sizeof(To) == sizeof(T));
        BitsOf<T> bits;
        if constexpr (is_float<T>) bits = bits_of(x);
        else bits = static_cast<BitsOf<T>>(x);
        if constexpr (is_float<To>) return float_of(bits);
        else return static_cast<To>(bits);
    }
};

HOST_DEVICE f32 infinity(f32) { return float_of(0x7F800000u); }
HOST_DEVICE f64 infinity(f64) { return float_of(0x7FF0000000000000ull); }
HOST_DEVICE f32 not_a_number(f32) { return float_of(0x7FC00000u); }
HOST_DEVICE f64 not_a_number(f64) { return float_of(0x7FF8000000000000ull); }

HOST_DEVICE f32 magnitude_of(f32 x) { return float_of(bits_of(x) & 0x7FFFFFFFu); }
HOST_DEVICE f64 magnitude_of(f64 x) { return float_of(bits_of(x) & 0x7FFFFFFFFFFFFFFFull); }

// The magnitude of x, which has no sign itself, with the sign of another number.
HOST_DEVICE f32 with_sign_of(f32 x, f32 sign) { return float_of(bits_of(x) | (bits_of(sign) & 0x80000000u)); }
HOST_DEVICE f64 with_sign_of(f64 x, f64 sign) { return float_of(bits_of(x) | (bits_of(sign) & 0x8000000000000000ull)); }

// x·y + z, rounded once.
HOST_DEVICE f32 fused(f32 x, f32 y, f32 z) { return LIBM(fmaf)(x, y, z); }
HOST_DEVICE f64 fused(f64 x, f64 y, f64 z) { return LIBM(fma)(x, y, z); }

HOST_DEVICE f32 root_of(f32 x) { return LIBM(sqrtf)(x); }
HOST_DEVICE f64 root_of(f64 x) { return LIBM(sqrt)(x); }
HOST_DEVICE f32 floor_of(f32 x) { return LIBM(floorf)(x); }
HOST_DEVICE f64 floor_of(f64 x) { return LIBM(floor)(x); }
HOST_DEVICE f32 whole_of(f32 x) { return LIBM(truncf)(x); }
HOST_DEVICE f64 whole_of(f64 x) { return LIBM(trunc)(x); }

// A polynomial, highest coefficient first, every step fused.
template <class T>
HOST_DEVICE T polynomial(T, T first) {
    return first;
}

template <class T, class... Rest>
HOST_DEVICE T polynomial(T x, T first, T second, Rest... rest) {
    return polynomial(x, fused(first, x, second), rest...);
}

}  // namespace brainstate::BRAINSTATE_ISA
