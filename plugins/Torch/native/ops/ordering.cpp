// Sorting and the largest elements.
#include <algorithm>
#include <numeric>

#include <ATen/Parallel.h>

#include "ops/scalars.h"

namespace brainstate {

namespace {

// Keys that ATen sorts as the contract wants it: ascending, NaN last, −0 equal to 0. On cpu it sorts floats so by itself.
at::Tensor sort_keys(const at::Tensor& x, DType dtype) {
    if (!is_floating(dtype)) return order_keys(x, dtype, true);
    if (x.is_cpu() && !is_half(dtype)) return x;
    // Adding 0 takes the sign from −0.
    return order_keys(at::add(x, 0), dtype, true);
}

// Sorted by the last key first: the sort is stable, so what earlier keys say counts more.
at::Tensor order_of(const at::Tensor* in, const std::vector<DType>& keys, int64_t axis) {
    at::Tensor order;
    for (size_t i = keys.size(); i-- > 0;) {
        const at::Tensor key = sort_keys(in[i], keys[i]);
        const at::Tensor next = std::get<1>(at::sort(order.defined() ? at::gather(key, axis, order) : key, true, axis, false));
        order = order.defined() ? at::gather(order, axis, next) : next;
    }
    return order;
}

Kernel make_sort(const OpSite& site) {
    const int64_t axis = site.parameters["dimension"].integer();
    const auto key_count = static_cast<size_t>(site.parameters["num_keys"].integer());
    std::vector<DType> keys, dtypes;
    for (const Spec& spec : site.inputs) {
        dtypes.push_back(spec.dtype);
        if (keys.size() < key_count) keys.push_back(spec.dtype);
    }
    if (site.inputs[0].count() == 0) return [](const at::Tensor*, at::Tensor*) {};
    return [axis, keys, count = dtypes.size()](const at::Tensor* in, at::Tensor* out) {
        const at::Tensor order = order_of(in, keys, axis);
        for (size_t i = 0; i < count; i++) at::gather_out(out[i], in[i], axis, order);
    };
}

template <class T>
void largest_of_rows(const T* x, T* values, int32_t* positions, int64_t rows, int64_t size, int64_t k) {
    at::parallel_for(0, rows, std::max<int64_t>(1, 4096 / (size + 1)), [=](int64_t begin, int64_t end) {
        std::vector<int32_t> order(size);
        for (int64_t row = begin; row < end; row++) {
            const T* line = x + row * size;
            std::iota(order.begin(), order.end(), 0);
            const auto comes_first = [line](int32_t i, int32_t j) {
                const T a = line[i], b = line[j];
                if (is_nan(a) || is_nan(b)) return is_nan(a) != is_nan(b) ? is_nan(a) : i < j;
                return a != b ? a > b : i < j;
            };
            if (k < size) std::nth_element(order.begin(), order.begin() + k, order.end(), comes_first);
            std::sort(order.begin(), order.begin() + k, comes_first);
            for (int64_t i = 0; i < k; i++) {
                values[row * k + i] = line[order[i]];
                positions[row * k + i] = order[i];
            }
        }
    });
}

Kernel make_top_k(const OpSite& site) {
    const int64_t k = site.parameters["k"].integer(), size = site.inputs[0].shape.back();
    const DType dtype = site.inputs[0].dtype;
    if (site.outputs[0].count() == 0) return [](const at::Tensor*, at::Tensor*) {};
    if (site.is_cpu())
        return [k, size, dtype](const at::Tensor* in, at::Tensor* out) {
            const at::Tensor x = in[0].contiguous();
            with_element(dtype, [&](auto type) {
                using T = decltype(type);
                if constexpr (!is_complex_type<T>)
                    largest_of_rows(elements_of<T>(x), elements_of<T>(out[0]), elements_of<int32_t>(out[1]), x.numel() / size, size, k);
            });
        };
    return [k, dtype](const at::Tensor* in, at::Tensor* out) {
        const at::Tensor order = std::get<1>(at::sort(sort_keys(in[0], dtype), true, -1, true)).narrow(-1, 0, k);
        at::gather_out(out[0], in[0], -1, order);
        out[1].copy_(order);
    };
}

}  // namespace

const OpTable& ordering_ops() {
    static const OpTable table = {{"sort", make_sort}, {"top_k", make_top_k}};
    return table;
}

}  // namespace brainstate
