// Combinations of two elements as the contract defines them.
#pragma once

#include <cmath>

#include "ops/support.h"

namespace brainstate {

template <class T>
bool is_nan(T x) {
    if constexpr (is_floating_type<T>) return std::isnan(static_cast<WideType<T>>(x));
    else return false;
}

// Integers wrap around, also those that C++ would widen to int.
template <class T>
T sum_of(T x, T y) {
    if constexpr (std::is_integral_v<T>) return static_cast<T>(static_cast<uint64_t>(x) + static_cast<uint64_t>(y));
    else return x + y;
}

template <class T>
T product_of(T x, T y) {
    if constexpr (std::is_integral_v<T>) return static_cast<T>(static_cast<uint64_t>(x) * static_cast<uint64_t>(y));
    else return x * y;
}

// NaN if either is, and −0 is less than 0.
template <class T>
T larger_of(T x, T y) {
    if constexpr (is_floating_type<T>) {
        const auto a = static_cast<WideType<T>>(x), b = static_cast<WideType<T>>(y);
        if (a != a) return x;
        if (b != b) return y;
        return a == b ? (std::signbit(a) ? y : x) : a > b ? x : y;
    } else
        return x > y ? x : y;
}

template <class T>
T smaller_of(T x, T y) {
    if constexpr (is_floating_type<T>) {
        const auto a = static_cast<WideType<T>>(x), b = static_cast<WideType<T>>(y);
        if (a != a) return x;
        if (b != b) return y;
        return a == b ? (std::signbit(a) ? x : y) : a < b ? x : y;
    } else
        return x < y ? x : y;
}

}  // namespace brainstate
