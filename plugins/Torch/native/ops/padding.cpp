#include "ops/padding.h"

#include <algorithm>

namespace brainstate {

Padded::Padded(const Dims& shape, const std::vector<AxisPadding>& padding) {
    for (size_t i = 0; i < shape.size(); i++) {
        const auto [low, high, interior] = padding[i];
        const int64_t step = interior + 1;
        const int64_t size = (shape[i] == 0 ? 0 : (shape[i] - 1) * step + 1) + low + high;
        const int64_t first = low < 0 ? (-low + step - 1) / step : 0;
        // The last element is the last whose place is before the end.
        const int64_t after = size - low <= 0 ? 0 : std::min(shape[i], (size - low - 1) / step + 1);
        const int64_t count = std::max<int64_t>(0, after - first);
        axes.push_back({count == 0 ? 0 : first, count, count == 0 ? 0 : low + first * step, step});
        padded_shape.push_back(size);
        full = full && count == size;
    }
}

at::Tensor Padded::inner(const at::Tensor& padded) const {
    at::Tensor view = padded;
    for (size_t i = 0; i < axes.size(); i++) {
        const auto& [first, count, start, step] = axes[i];
        if (count != padded_shape[i]) view = view.slice(static_cast<int64_t>(i), start, count == 0 ? start : start + (count - 1) * step + 1, step);
    }
    return view;
}

at::Tensor Padded::visible(const at::Tensor& x) const {
    at::Tensor view = x;
    for (size_t i = 0; i < axes.size(); i++)
        if (axes[i].count != x.size(static_cast<int64_t>(i))) view = view.narrow(static_cast<int64_t>(i), axes[i].first, axes[i].count);
    return view;
}

at::Tensor Padded::of(const at::Tensor& x, const at::Scalar& filling) const {
    if (full) return visible(x);
    at::Tensor padded = at::full(padded_shape, filling, x.options());
    inner(padded).copy_(visible(x));
    return padded;
}

}  // namespace brainstate
