// Windows that slide over a tensor.
#pragma once

#include "ops/op.h"
#include "ops/padding.h"

namespace brainstate {

struct SlidingAxis {
    int64_t size, count;                  // of the tensor, and of windows
    int64_t window, stride, low, high;
    int64_t base_dilation, window_dilation;

    // Whether windows combine anything.
    bool is_trivial() const { return window == 1 && stride == 1 && low == 0 && high == 0 && base_dilation == 1; }
    // The place in the tensor under an element of a window; −1 for padding and holes.
    int64_t place(int64_t at, int64_t inside) const {
        const int64_t dilated = at * stride + inside * window_dilation - low;
        return dilated < 0 || dilated % base_dilation != 0 || dilated / base_dilation >= size ? -1 : dilated / base_dilation;
    }
    AxisPadding padding() const { return {low, high, base_dilation - 1}; }
};

std::vector<SlidingAxis> sliding_axes(const Parameters& parameters, const Dims& tensor, const Dims& windows);

// A view of a padded tensor: its windows, then the elements of each.
at::Tensor windows_of(const at::Tensor& padded, const std::vector<SlidingAxis>& axes);

// select_and_gather_add and select_and_scatter_add.
Kernel make_select_and_gather_add(const OpSite& site);
Kernel make_select_and_scatter_add(const OpSite& site);

}  // namespace brainstate
