// Windows at computed positions, what gathers and scatters share: for each piece of a tensor the place in the operand that it comes from or goes to.
#pragma once

#include "ops/op.h"

namespace brainstate {

// The tensor has batch axes, in the order of those of the indices, and axes that run through windows.
struct WindowAxes {
    Dims window_axes;        // of the tensor, ascending
    Dims absent;             // axes of the operand on which windows have size 1, and which the tensor lacks
    Dims indexed;            // the axis of the operand that each component of an index vector indexes
    Dims operand_batching;   // axes of the operand that run along with axes of the indices
    Dims index_batching;     // those axes
};

// Both tensors are looked at as rows of as many last axes as windows cover completely.
class WindowRows {
public:
    WindowRows(const Spec& operand, const Spec& indices, const Dims& tensor, const Dims& window_sizes, const WindowAxes& axes, bool drops, at::Device device);

    // The row of the operand for each row of the tensor; negative where the window is not to be used.
    at::Tensor find(const at::Tensor& indices) const;

    int64_t row_size() const { return block; }
    // Whether no window fits into the operand.
    bool fits_nowhere() const { return nowhere; }
    // Whether find may give negative rows.
    bool may_drop() const { return drops; }

    at::Tensor rows_of(const at::Tensor& dense) const { return dense.view({block == 0 ? 0 : dense.numel() / block, block}); }

private:
    DType index_dtype;
    int64_t block = 1;
    bool nowhere = false, drops;
    Dims start_shape;             // of the starts, as they lie in the tensor
    Dims row_shape;               // of the tensor without the axes of a row
    Dims limits, weights;         // for each component of an index vector: the last start, and the rows that lie between neighbouring starts
    at::Tensor limit_row, weight_row;
    at::Tensor base;              // what does not depend on the indices

    at::Tensor starts_on_cpu(const at::Tensor& indices) const;
    at::Tensor starts_anywhere(const at::Tensor& indices) const;
};

}  // namespace brainstate
