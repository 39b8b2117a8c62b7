// Combinations of two elements as the contract defines them.
#pragma once

#include <bit>
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

// The bits of a float, which the zeros differ in.
template <class T>
using BitsType = std::conditional_t<sizeof(T) == 8, uint64_t, uint32_t>;

// NaN if either is, and −0 is less than 0. Without branches, so that loops of them are vectorised.
template <class T>
T larger_of(T x, T y) {
    if constexpr (is_half_type<T>) return static_cast<T>(larger_of(static_cast<float>(x), static_cast<float>(y)));
    else if constexpr (is_floating_type<T>) {
        const T of_equals = std::bit_cast<T>(std::bit_cast<BitsType<T>>(x) & std::bit_cast<BitsType<T>>(y));
        const T larger = x == y ? of_equals : x > y ? x : y;
        return x != x ? x : larger;
    } else
        return x > y ? x : y;
}

template <class T>
T smaller_of(T x, T y) {
    if constexpr (is_half_type<T>) return static_cast<T>(smaller_of(static_cast<float>(x), static_cast<float>(y)));
    else if constexpr (is_floating_type<T>) {
        const T of_equals = std::bit_cast<T>(std::bit_cast<BitsType<T>>(x) | std::bit_cast<BitsType<T>>(y));
        const T smaller = x == y ? of_equals : x < y ? x : y;
        return x != x ? x : smaller;
    } else
        return x < y ? x : y;
}

}  // namespace brainstate
