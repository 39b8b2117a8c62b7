// Arithmetic, bits and relations. Integers wrap around.
#pragma once

#include "elementwise/scalar/base.h"

namespace brainstate::BRAINSTATE_ISA {

struct Add {
    template <class T>
    HOST_DEVICE static T of(T x, T y) { return static_cast<T>(static_cast<WideOf<T>>(x) + static_cast<WideOf<T>>(y)); }
};

struct Subtract {
    template <class T>
    HOST_DEVICE static T of(T x, T y) { return static_cast<T>(static_cast<WideOf<T>>(x) - static_cast<WideOf<T>>(y)); }
};

struct Multiply {
    template <class T>
    HOST_DEVICE static T of(T x, T y) { return static_cast<T>(static_cast<WideOf<T>>(x) * static_cast<WideOf<T>>(y)); }
};

// Integers: towards zero; all ones by zero, and the smallest number by −1 is itself.
struct Divide {
    template <class T>
    HOST_DEVICE static T of(T x, T y) {
        if constexpr (is_float<T>) return x / y;
        else {
            if (y == 0) return static_cast<T>(-1);
            if constexpr (has_sign<T>)
                if (y == -1) return Subtract::of(T(0), x);
            return static_cast<T>(x / y);
        }
    }
};

// The sign is that of x; x rem 0 is x for integers and NaN for floats.
struct Remainder {
    template <class T>
    HOST_DEVICE static T of(T x, T y) {
        if (y == 0) return x;
        if constexpr (has_sign<T>)
            if (y == -1) return 0;
        return static_cast<T>(x % y);
    }

    HOST_DEVICE static f32 of(f32 x, f32 y) { return LIBM(fmodf)(x, y); }
    HOST_DEVICE static f64 of(f64 x, f64 y) { return LIBM(fmod)(x, y); }
};

// NaN if either is, and −0 is less than 0: of equal numbers only zeros differ, in the sign, which is the and of both signs.
struct Max {
    template <class T>
    HOST_DEVICE static T of(T x, T y) {
        T larger = x > y ? x : y;
        if constexpr (is_float<T>) {
            larger = x == y ? float_of(bits_of(x) & bits_of(y)) : larger;
            larger = x != x ? x : larger;
        }
        return larger;
    }
};

struct Min {
    template <class T>
    HOST_DEVICE static T of(T x, T y) {
        T smaller = x < y ? x : y;
        if constexpr (is_float<T>) {
            smaller = x == y ? float_of(bits_of(x) | bits_of(y)) : smaller;
            smaller = x != x ? x : smaller;
        }
        return smaller;
    }
};

struct Negate {
    template <class T>
    HOST_DEVICE static T of(T x) {
        if constexpr (is_float<T>) return -x;
        else return Subtract::of(T(0), x);
    }
};

struct Abs {
    template <class T>
    HOST_DEVICE static T of(T x) {
        if constexpr (is_float<T>) return magnitude_of(x);
        else return x < 0 ? Subtract::of(T(0), x) : x;
    }
};

struct Sign {
    template <class T>
    HOST_DEVICE static T of(T x) {
        T sign = x > T(0) ? T(1) : x;
        if constexpr (has_sign<T>) sign = x < T(0) ? T(-1) : sign;
        return sign;
    }
};

struct And {
    template <class T>
    HOST_DEVICE static T of(T x, T y) { return static_cast<T>(x & y); }
};

struct Or {
    template <class T>
    HOST_DEVICE static T of(T x, T y) { return static_cast<T>(x | y); }
};

struct Xor {
    template <class T>
    HOST_DEVICE static T of(T x, T y) { return static_cast<T>(x ^ y); }
};

struct Complement {
    template <class T>
    HOST_DEVICE static T of(T x) { return static_cast<T>(~x); }
};

// Distances outside [0, width), negative ones too, give 0.
struct ShiftLeft {
    template <class T>
    HOST_DEVICE static T of(T x, T y) {
        const auto distance = static_cast<WideOf<T>>(static_cast<BitsOf<T>>(y));
        const auto shifted = static_cast<WideOf<T>>(x) << (distance & (width_of<WideOf<T>> - 1));
        return distance < width_of<T> ? static_cast<T>(shifted) : T(0);
    }
};

struct ShiftRightLogical {
    template <class T>
    HOST_DEVICE static T of(T x, T y) {
        const auto distance = static_cast<WideOf<T>>(static_cast<BitsOf<T>>(y));
        const auto shifted = static_cast<WideOf<T>>(static_cast<BitsOf<T>>(x)) >> (distance & (width_of<WideOf<T>> - 1));
        return distance < width_of<T> ? static_cast<T>(shifted) : T(0);
    }
};

// Fills with the top bit, also in unsigned lanes; distances outside [0, width) leave nothing but it.
struct ShiftRightArithmetic {
    template <class T>
    HOST_DEVICE static T of(T x, T y) {
        const auto distance = static_cast<BitsOf<T>>(y);
        const auto bounded = distance < width_of<T> ? distance : static_cast<BitsOf<T>>(width_of<T> - 1);
        return static_cast<T>(static_cast<SignedBitsOf<T>>(x) >> bounded);
    }
};

// Sums of bits in fields of 2, 4 and 8, and of the bytes by a product.
struct PopulationCount {
    template <class T>
    HOST_DEVICE static T of(T x) {
        using W = WideOf<T>;
        constexpr W ones = ~W(0);
        auto bits = static_cast<W>(static_cast<BitsOf<T>>(x));
        bits = bits - ((bits >> 1) & (ones / 3));
        bits = (bits & (ones / 5)) + ((bits >> 2) & (ones / 5));
        bits = (bits + (bits >> 4)) & (ones / 17);
        return static_cast<T>((bits * (ones / 255)) >> (width_of<W> - 8));
    }
};

// What is not at or below the highest bit set.
struct LeadingZeros {
    template <class T>
    HOST_DEVICE static T of(T x) {
        using W = WideOf<T>;
        auto bits = static_cast<W>(static_cast<BitsOf<T>>(x));
        bits |= bits >> 1;
        bits |= bits >> 2;
        bits |= bits >> 4;
        bits |= bits >> 8;
        bits |= bits >> 16;
        if constexpr (sizeof(W) == 8) bits |= bits >> 32;
        return static_cast<T>(width_of<T> - static_cast<int>(PopulationCount::of(bits)));
    }
};

struct Equal {
    template <class T>
    HOST_DEVICE static u8 of(T x, T y) { return x == y; }
};

struct NotEqual {
    template <class T>
    HOST_DEVICE static u8 of(T x, T y) { return x != y; }
};

struct Less {
    template <class T>
    HOST_DEVICE static u8 of(T x, T y) { return x < y; }
};

struct LessOrEqual {
    template <class T>
    HOST_DEVICE static u8 of(T x, T y) { return x <= y; }
};

struct IsFinite {
    template <class T>
    HOST_DEVICE static u8 of(T x) { return magnitude_of(x) < infinity(x); }
};

struct Select {
    template <class T>
    HOST_DEVICE static T of(u8 which, T yes, T no) { return which ? yes : no; }
};

struct Floor {
    template <class T>
    HOST_DEVICE static T of(T x) { return floor_of(x); }
};

struct Ceil {
    HOST_DEVICE static f32 of(f32 x) { return LIBM(ceilf)(x); }
    HOST_DEVICE static f64 of(f64 x) { return LIBM(ceil)(x); }
};

struct RoundToEven {
    HOST_DEVICE static f32 of(f32 x) { return LIBM(rintf)(x); }
    HOST_DEVICE static f64 of(f64 x) { return LIBM(rint)(x); }
};

// The fraction that truncation drops is exact, so comparing it with one half is.
struct RoundAwayFromZero {
    template <class T>
    HOST_DEVICE static T of(T x) {
        const T whole = whole_of(x);
        const T dropped = magnitude_of(x - whole);
        const T away = x < T(0) ? whole - T(1) : whole + T(1);
        return dropped + dropped >= T(1) ? away : whole;
    }
};

struct Sqrt {
    template <class T>
    HOST_DEVICE static T of(T x) { return root_of(x); }
};

struct ReciprocalSqrt {
    template <class T>
    HOST_DEVICE static T of(T x) { return T(1) / root_of(x); }
};

}  // namespace brainstate::BRAINSTATE_ISA
