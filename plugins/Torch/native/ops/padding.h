// A tensor inside a larger one.
#pragma once

#include <ATen/ATen.h>

#include "program/program.h"

namespace brainstate {

// Elements before and after an axis (negative to crop) and between neighbours.
struct AxisPadding {
    int64_t low = 0, high = 0, interior = 0;

    bool operator==(const AxisPadding&) const = default;
};

// Where element k of an axis goes: to low + k (interior + 1), unless that is cropped away.
class Padded {
public:
    Padded(const Dims& shape, const std::vector<AxisPadding>& padding);

    const Dims& shape() const { return padded_shape; }
    // Whether nothing is added, though elements may be cropped.
    bool is_full() const { return full; }

    // The places of the padded tensor that elements go to, and the elements that go there. Both are views.
    at::Tensor inner(const at::Tensor& padded) const;
    at::Tensor visible(const at::Tensor& x) const;

    // The padded tensor; x itself or a view of it if nothing is added.
    at::Tensor of(const at::Tensor& x, const at::Scalar& filling) const;

private:
    struct Axis {
        int64_t first, count;  // of the elements that stay
        int64_t start, step;   // where they go
    };
    std::vector<Axis> axes;
    Dims padded_shape;
    bool full = true;
};

}  // namespace brainstate
