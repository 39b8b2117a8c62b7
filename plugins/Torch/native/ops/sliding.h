// Windows that slide over a tensor.
#pragma once

#include "ops/op.h"
#include "ops/padding.h"

namespace brainstate {

// The places of an axis under one window that are not padding: first, first + step, ….
struct Run {
    int64_t first, count;
};

struct SlidingAxis {
    int64_t size, count;                  // of the tensor, and of windows
    int64_t window, stride, low, high;
    int64_t base_dilation, window_dilation;

    // Whether each window is one element.
    bool is_trivial() const { return window == 1 && stride == 1 && low == 0 && high == 0 && base_dilation == 1; }
    AxisPadding padding() const { return {low, high, base_dilation - 1}; }

    // One for each window, and the step that they have in common.
    std::vector<Run> runs() const;
    int64_t step() const;
};

std::vector<SlidingAxis> sliding_axes(const Parameters& parameters, const Dims& tensor, const Dims& windows);

// A view of a padded tensor: its windows, then the elements of each.
at::Tensor windows_of(const at::Tensor& padded, const std::vector<SlidingAxis>& axes);

// select_and_gather_add and select_and_scatter_add.
Kernel make_select_and_gather_add(const OpSite& site);
Kernel make_select_and_scatter_add(const OpSite& site);

}  // namespace brainstate
