// What loops over rows on cpu are made of.
#pragma once

#include <algorithm>
#include <limits>
#include <memory>

#include <ATen/Parallel.h>

#include "elementwise/kernels.h"
#include "ops/support.h"

namespace brainstate {

// Calls f with an element of float or double.
template <class F>
void with_real(DType dtype, F&& f) {
    dtype == DType::Float32 ? f(float()) : f(double());
}

// y = exp x as chains compute it. Both may be the same.
template <class T>
void exp_into(const T* x, T* y, int64_t count) {
    constexpr Lane lane = std::is_same_v<T, float> ? Lane::F32 : Lane::F64;
    static const Instruction exp{kernels().find(Primitive::Exp, lane, lane), 1, {0, 0, 0}, 0, 0};
    std::byte* const registers[] = {reinterpret_cast<std::byte*>(const_cast<T*>(x)), reinterpret_cast<std::byte*>(y)};
    exp.kernel(exp, registers, 0, count);
}

// The largest number, but for NaN, which all that is computed from it has to find by itself.
template <class T>
T largest_of(const T* x, int64_t count) {
    constexpr int64_t lanes = 16;
    T best[lanes];
    std::fill(best, best + lanes, -std::numeric_limits<T>::infinity());
    int64_t i = 0;
    for (; i + lanes <= count; i += lanes)
        for (int64_t k = 0; k < lanes; k++) best[k] = x[i + k] > best[k] ? x[i + k] : best[k];
    for (; i < count; i++) best[0] = x[i] > best[0] ? x[i] : best[0];
    return *std::max_element(best, best + lanes);
}

// The sum of element(i). Sums of sums, so that errors do not add up along a row.
template <class T, class F>
T total_of(int64_t count, F&& element) {
    constexpr int64_t lanes = 16, most = 64 * lanes;
    T total = 0;
    for (int64_t begin = 0; begin < count; begin += most) {
        const int64_t end = std::min(count, begin + most);
        T parts[lanes] = {};
        int64_t i = begin;
        for (; i + lanes <= end; i += lanes)
            for (int64_t k = 0; k < lanes; k++) parts[k] += element(i + k);
        for (int64_t k = 0; i + k < end; k++) parts[k] += element(i + k);
        for (int64_t width = lanes / 2; width > 0; width /= 2)
            for (int64_t k = 0; k < width; k++) parts[k] += parts[k + width];
        total += parts[0];
    }
    return total;
}

// Calls f(begin, end) with rows that fit in a cache together, on several threads.
template <class F>
void for_blocks_of_rows(int64_t rows, int64_t row_size, F&& f) {
    constexpr int64_t most_elements = 4096;
    const int64_t block = std::max<int64_t>(1, most_elements / row_size), blocks = (rows + block - 1) / block;
    at::parallel_for(0, blocks, std::max<int64_t>(1, 2 * most_elements / (block * row_size)), [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; i++) f(i * block, std::min(rows, (i + 1) * block));
    });
}

}  // namespace brainstate
