#include "ops/sliding.h"

#include <algorithm>
#include <numeric>

namespace brainstate {

// Of a dilated axis only every few elements of a window lie over an element and not over a hole.
std::vector<Run> SlidingAxis::runs() const {
    const int64_t every = base_dilation / std::gcd(base_dilation, window_dilation), last = (size - 1) * base_dilation;
    std::vector<Run> runs;
    for (int64_t at = 0; at < count; at++) {
        const int64_t start = at * stride - low;
        int64_t inside = start < 0 ? (-start + window_dilation - 1) / window_dilation : 0;
        const int64_t end = start > last ? 0 : std::min(window, (last - start) / window_dilation + 1), holes = inside + every;
        while (inside < std::min(end, holes) && (start + inside * window_dilation) % base_dilation != 0) inside++;
        const bool is_empty = inside >= std::min(end, holes);
        runs.push_back(is_empty ? Run{0, 0} : Run{(start + inside * window_dilation) / base_dilation, (end - inside - 1) / every + 1});
    }
    return runs;
}

int64_t SlidingAxis::step() const { return window_dilation / std::gcd(base_dilation, window_dilation); }

std::vector<SlidingAxis> sliding_axes(const Parameters& parameters, const Dims& tensor, const Dims& windows) {
    const Dims sizes = parameters["window_dimensions"].ints(), strides = parameters["window_strides"].ints();
    const Dims base = parameters["base_dilation"].ints(), dilation = parameters["window_dilation"].ints();
    const Value::Tuple& padding = parameters["padding"].tuple();
    std::vector<SlidingAxis> axes;
    for (size_t i = 0; i < sizes.size(); i++) {
        const Dims edges = padding[i].ints();
        axes.push_back({tensor[i], windows[i], sizes[i], strides[i], edges.at(0), edges.at(1), base[i], dilation[i]});
    }
    return axes;
}

at::Tensor windows_of(const at::Tensor& padded, const std::vector<SlidingAxis>& axes) {
    Dims sizes, strides;
    for (size_t i = 0; i < axes.size(); i++) {
        sizes.push_back(axes[i].count);
        strides.push_back(axes[i].stride * padded.stride(static_cast<int64_t>(i)));
    }
    for (size_t i = 0; i < axes.size(); i++) {
        sizes.push_back(axes[i].window);
        strides.push_back(axes[i].window_dilation * padded.stride(static_cast<int64_t>(i)));
    }
    return padded.as_strided(sizes, strides);
}

}  // namespace brainstate
