// How the elements of a broadcast or transposed input lie in memory, in as few axes as possible.
#pragma once

#include "program/program.h"

namespace brainstate {

// Axes from the outermost to the innermost; strides count elements.
struct Strided {
    Dims sizes;
    Dims strides;

    // Leaves out axes of size 1 and joins those that lie one after the other.
    static Strided of(const Dims& shape, const Dims& strides);

    int rank() const { return static_cast<int>(sizes.size()); }

    // Whether the elements are one, or lie densely in row-major order.
    bool is_dense() const { return rank() == 0 || (rank() == 1 && strides[0] == 1); }

    // Whether a dense line comes again and again.
    bool repeats_a_line() const { return rank() == 2 && strides[0] == 0 && strides[1] == 1; }

    // Whether there is one element, which takes part everywhere.
    bool is_uniform() const { return rank() == 1 && strides[0] == 0; }
};

// The axis of an iota: the index of element i is (i / inner) % size.
struct Counting {
    int64_t inner, size;

    static Counting of(const Dims& shape, int64_t axis);
};

}  // namespace brainstate
