#include "ops/lookup.h"

#include <cstring>

#include "ops/rows.h"

namespace brainstate {

namespace {

bool is_possible(const OpSite& site, const Spec& table, const Spec& looked_up) {
    return site.is_cpu() && is_floating(table.dtype) && table.count() > 0 && looked_up.count() > 0;
}

}  // namespace

Kernel embedding(const OpSite& site, const Parameters&) {
    if (!is_possible(site, site.inputs[0], site.outputs[0])) return nullptr;
    return [dtype = site.inputs[0].dtype, index_dtype = site.inputs[1].dtype](const at::Tensor* in, at::Tensor* out) {
        const at::Tensor table = in[0].contiguous(), indices = index_values(in[1], index_dtype).contiguous();
        with_element(dtype, [&](auto type) {
            using T = decltype(type);
            if constexpr (is_floating_type<T>) {
                const int64_t rows = table.size(0), width = table.numel() / rows;
                const T *from = elements_of<T>(table), nan = static_cast<T>(std::numeric_limits<float>::quiet_NaN());
                const int64_t* index = elements_of<int64_t>(indices);
                T* to = elements_of<T>(out[0]);
                at::parallel_for(0, indices.numel(), 1 + 16384 / width, [=](int64_t begin, int64_t end) {
                    for (int64_t i = begin; i < end; i++) {
                        if (index[i] >= 0 && index[i] < rows) std::memcpy(to + i * width, from + index[i] * width, sizeof(T) * width);
                        else std::fill_n(to + i * width, width, nan);
                    }
                });
            }
        });
    };
}

// Each thread has rows of the table, and adds to them in the order of the indices, as the body does.
Kernel embedding_backward(const OpSite& site, const Parameters& attributes) {
    const Spec& table = site.outputs[0];
    if (!is_possible(site, table, site.inputs[1])) return nullptr;
    const int64_t padding = attributes["padding_index"].is_null() ? -1 : attributes["padding_index"].integer();
    return [rows = table.shape[0], width = table.count() / table.shape[0], dtype = table.dtype, index_dtype = site.inputs[0].dtype, padding](const at::Tensor* in, at::Tensor* out) {
        const at::Tensor indices = index_values(in[0], index_dtype).contiguous(), dy = in[1].contiguous();
        with_element(dtype, [&](auto type) {
            using T = decltype(type);
            if constexpr (is_floating_type<T>) {
                const T* from = elements_of<T>(dy);
                const int64_t *index = elements_of<int64_t>(indices), count = indices.numel();
                T* to = elements_of<T>(out[0]);
                at::parallel_for(0, rows, 1 + 65536 / width, [=](int64_t begin, int64_t end) {
                    std::fill(to + begin * width, to + end * width, T(0));
                    for (int64_t i = 0; i < count; i++) {
                        if (index[i] < begin || index[i] >= end || index[i] == padding) continue;
                        for (int64_t k = 0; k < width; k++) to[index[i] * width + k] = to[index[i] * width + k] + from[i * width + k];
                    }
                });
            }
        });
    };
}

}  // namespace brainstate
