// Where the elements of a value lie: strides over a piece of memory. Ops that only look at their operand differently are views, which cost nothing at run time.
#pragma once

#include <optional>

#include "program/program.h"

namespace brainstate {

// Offset and strides count elements. Strides are never negative.
struct View {
    Dims shape;
    Dims strides;
    int64_t offset = 0;

    static View dense(const Dims& shape);
    bool is_dense() const;  // row-major without gaps; strides of axes of size 1 do not matter
};

// The view that an op makes of its operand; none if the op computes, or if no strides can say it (a reshape of a transposed value).
std::optional<View> view_of(const Equation& equation, const View& operand, const Spec& output);

// Strides of a view for a loop over a shape of the same rank; a scalar's are all 0.
Dims loop_strides(const View& view, const Dims& shape);

}  // namespace brainstate
