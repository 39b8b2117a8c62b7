#include "ops/windows_at.h"

#include <algorithm>

#include "ops/support.h"

namespace brainstate {

namespace {

// Added to any row it stays negative.
constexpr int64_t dropped = int64_t(-1) << 60;

}  // namespace

WindowRows::WindowRows(const Spec& operand, const Spec& indices, const Dims& tensor, const Dims& window_sizes, const WindowAxes& axes, bool drops,
                       at::Device device)
    : index_dtype(indices.dtype), drops(drops) {
    const auto rank = static_cast<int64_t>(operand.shape.size());
    const Dims windowed = axes_except(rank, joined(axes.absent, axes.operand_batching));
    for (int64_t axis = 0; axis < rank; axis++) nowhere = nowhere || window_sizes[axis] > operand.shape[axis];

    // Rows: last axes of both that are the same.
    auto row_rank = static_cast<int64_t>(tensor.size()), left = rank;
    for (auto k = static_cast<int64_t>(windowed.size()) - 1; k >= 0; k--) {
        const int64_t axis = windowed[k];
        if (axes.window_axes[k] != row_rank - 1 || axis != left - 1 || window_sizes[axis] != operand.shape[axis]) break;
        block *= operand.shape[axis];
        row_rank--;
        left--;
    }
    row_shape.assign(tensor.begin(), tensor.begin() + row_rank);
    start_shape = row_shape;
    Dims row_strides(rank, 0);
    for (int64_t axis = left - 1, stride = 1; axis >= 0; stride *= operand.shape[axis], axis--) row_strides[axis] = stride;

    base = at::zeros(Dims(row_rank, 1), at::TensorOptions(at::kLong).device(device));
    Dims batch_axes;  // of the tensor, for each batch axis of the indices
    for (int64_t axis = 0; axis < row_rank; axis++) {
        const auto found = std::find(axes.window_axes.begin(), axes.window_axes.end(), axis);
        if (found == axes.window_axes.end()) batch_axes.push_back(axis);
        else {
            start_shape[axis] = 1;
            base = at::add(base, counting(tensor[axis], row_strides[windowed[found - axes.window_axes.begin()]], axis, row_rank, device));
        }
    }
    for (size_t i = 0; i < axes.operand_batching.size(); i++) {
        const int64_t axis = batch_axes[axes.index_batching[i]];
        base = at::add(base, counting(tensor[axis], row_strides[axes.operand_batching[i]], axis, row_rank, device));
    }
    for (const int64_t axis : axes.indexed) {
        limits.push_back(operand.shape[axis] - window_sizes[axis]);
        weights.push_back(row_strides[axis]);
    }
    limit_row = constant(limits, device);
    weight_row = constant(weights, device);
}

at::Tensor WindowRows::find(const at::Tensor& indices) const {
    const at::Tensor starts = indices.is_cpu() ? starts_on_cpu(indices) : starts_anywhere(indices);
    return at::add(starts.view(start_shape), base).expand(row_shape).reshape({-1});
}

at::Tensor WindowRows::starts_on_cpu(const at::Tensor& indices) const {
    const at::Tensor dense = indices.contiguous();
    const auto components = static_cast<int64_t>(limits.size());
    at::Tensor starts = at::empty({count_of(start_shape)}, at::kLong);
    auto* start = elements_of<int64_t>(starts);
    const auto* element = static_cast<const std::byte*>(dense.data_ptr());
    const int64_t width = size_of(index_dtype);
    for (int64_t i = 0; i < starts.numel(); i++) {
        int64_t row = 0;
        bool is_inside = true;
        for (int64_t k = 0; k < components; k++, element += width) {
            const int64_t wanted = index_value(element, index_dtype);
            is_inside = is_inside && wanted >= 0 && wanted <= limits[k];
            row += std::clamp<int64_t>(wanted, 0, limits[k]) * weights[k];
        }
        start[i] = drops && !is_inside ? dropped : row;
    }
    return starts;
}

at::Tensor WindowRows::starts_anywhere(const at::Tensor& indices) const {
    const at::Tensor values = index_values(indices, index_dtype);
    const at::Tensor bounded = at::minimum(at::clamp_min(values, 0), limit_row);
    const at::Tensor starts = limits.size() == 1 ? at::mul(bounded, weights[0]).squeeze(-1) : at::sum(at::mul(bounded, weight_row), last_axis);
    if (!drops) return starts.reshape({-1});
    const at::Tensor is_outside = limits.size() == 1 ? at::ne(values, bounded).squeeze(-1) : at::any(at::ne(values, bounded), -1);
    return at::masked_fill(starts, is_outside, dropped).reshape({-1});
}

}  // namespace brainstate
