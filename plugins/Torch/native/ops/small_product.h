// Products whose arithmetic costs less than a call of ATen, on cpu.
#pragma once

#include "ops/scalars.h"

namespace brainstate {

// out[b, m, n] = Σₖ x[b, m, k] · y[b, k, n], where each index runs along at most one axis of each operand; −1 for none.
struct SmallProduct {
    static constexpr int64_t most_terms = 1024;

    int64_t b, m, n, k;
    int64_t x_batch, x_free, x_contracting;  // axes
    int64_t y_batch, y_free, y_contracting;
    DType dtype;

    void run(const at::Tensor& x, const at::Tensor& y, const at::Tensor& out) const {
        const auto stride = [](const at::Tensor& z, int64_t axis) { return axis < 0 ? 0 : z.stride(axis); };
        const int64_t xb = stride(x, x_batch), xm = stride(x, x_free), xk = stride(x, x_contracting);
        const int64_t yb = stride(y, y_batch), yn = stride(y, y_free), yk = stride(y, y_contracting);
        with_element(dtype, [&](auto type) {
            using T = decltype(type);
            using Wide = WideType<T>;
            T* to = elements_of<T>(out);
            for (int64_t h = 0; h < b; h++)
                for (int64_t i = 0; i < m; i++)
                    for (int64_t j = 0; j < n; j++) {
                        const T *left = elements_of<T>(x) + h * xb + i * xm, *right = elements_of<T>(y) + h * yb + j * yn;
                        Wide sum(0);
                        for (int64_t l = 0; l < k; l++)
                            sum = sum_of(sum, product_of(static_cast<Wide>(left[l * xk]), static_cast<Wide>(right[l * yk])));
                        *to++ = static_cast<T>(sum);
                    }
        });
    }
};

}  // namespace brainstate
