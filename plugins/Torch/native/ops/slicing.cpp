// Blocks and windows at computed positions.
#include <algorithm>
#include <cstring>

#include <ATen/Parallel.h>

#include "ops/scattering.h"
#include "ops/support.h"
#include "ops/windows_at.h"

namespace brainstate {

namespace {

// A block of a tensor that begins at scalars, clamped so that it lies inside.
class Block {
public:
    Block(const Dims& tensor, const Dims& sizes, DType index_dtype) : sizes(sizes), index_dtype(index_dtype) {
        for (size_t axis = 0; axis < sizes.size(); axis++) limits.push_back(tensor[axis] - sizes[axis]);
    }

    // A view of the block; reads the starts on the host.
    at::Tensor of(const at::Tensor& x, const at::Tensor* starts) const {
        int64_t offset = x.storage_offset();
        for (size_t axis = 0; axis < sizes.size(); axis++)
            if (limits[axis] > 0) {
                const int64_t start = std::clamp<int64_t>(index_value(starts[axis].data_ptr(), index_dtype), 0, limits[axis]);
                offset += start * x.stride(static_cast<int64_t>(axis));
            }
        return x.as_strided(sizes, x.strides(), offset);
    }

private:
    Dims sizes, limits;
    DType index_dtype;
};

// The starts of the axes on which a block is smaller than the tensor, as one index vector.
struct MovingAxes {
    Dims axes;

    MovingAxes(const Dims& tensor, const Dims& sizes) {
        for (size_t axis = 0; axis < sizes.size(); axis++)
            if (sizes[axis] < tensor[axis]) axes.push_back(static_cast<int64_t>(axis));
    }

    at::Tensor starts(const at::Tensor* all) const {
        std::vector<at::Tensor> moving;
        for (const int64_t axis : axes) moving.push_back(all[axis]);
        return at::stack(moving);
    }

    WindowRows rows(const OpSite& site, const Dims& sizes, size_t first_start) const {
        Dims all;
        for (size_t i = 0; i < sizes.size(); i++) all.push_back(static_cast<int64_t>(i));
        const Spec vector{site.inputs[first_start].dtype, {static_cast<int64_t>(axes.size())}};
        return {site.inputs[0], vector, sizes, sizes, {all, {}, axes, {}, {}}, false, site.device};
    }
};

Kernel make_dynamic_slice(const OpSite& site) {
    const Dims& shape = site.inputs[0].shape;
    const Dims& sizes = site.outputs[0].shape;
    const MovingAxes moving(shape, sizes);
    if (site.outputs[0].count() == 0) return [](const at::Tensor*, at::Tensor*) {};
    if (moving.axes.empty()) return [](const at::Tensor* in, at::Tensor* out) { out->copy_(in[0]); };
    if (site.is_cpu())
        return [block = Block(shape, sizes, site.inputs[1].dtype)](const at::Tensor* in, at::Tensor* out) { out->copy_(block.of(in[0], in + 1)); };
    return [moving, rows = moving.rows(site, sizes, 1)](const at::Tensor* in, at::Tensor* out) {
        at::Tensor target = rows.rows_of(*out);
        at::index_select_out(target, rows.rows_of(in[0].contiguous()), 0, rows.find(moving.starts(in + 1)));
    };
}

Kernel make_dynamic_update_slice(const OpSite& site) {
    const Dims& shape = site.inputs[0].shape;
    const Dims& sizes = site.inputs[1].shape;
    const MovingAxes moving(shape, sizes);
    if (site.inputs[1].count() == 0) return [](const at::Tensor* in, at::Tensor* out) { out->copy_(in[0]); };
    if (moving.axes.empty()) return [](const at::Tensor* in, at::Tensor* out) { out->copy_(in[1]); };
    if (site.is_cpu())
        return [block = Block(shape, sizes, site.inputs[2].dtype)](const at::Tensor* in, at::Tensor* out) {
            out->copy_(in[0]);
            block.of(*out, in + 2).copy_(in[1]);
        };
    return [moving, rows = moving.rows(site, sizes, 2)](const at::Tensor* in, at::Tensor* out) {
        out->copy_(in[0]);
        rows.rows_of(*out).index_copy_(0, rows.find(moving.starts(in + 2)), rows.rows_of(in[1].contiguous()));
    };
}

at::Tensor fill_value(const OpSite& site) {
    const DType dtype = site.outputs[0].dtype;
    const Value& given = site.parameters["fill_value"];
    at::Tensor value = at::empty({}, at::TensorOptions(scalar_type(dtype)));
    if (!given.is_null()) convert_into(value, dtype, at::scalar_tensor(given.real(), at::kDouble), DType::Float64);
    else if (is_floating(dtype) || is_complex(dtype)) value.fill_(std::numeric_limits<double>::quiet_NaN());
    else value.fill_(is_signed(dtype) ? lowest(dtype) : highest(dtype));
    return value.to(site.device);
}

// Copies whole rows; negative ones get the filling.
void copy_rows(const at::Tensor& x, const at::Tensor& rows, const at::Tensor& out, int64_t row_size, const at::Tensor& filling) {
    const int64_t width = out.element_size(), bytes = row_size * width;
    const auto* from = static_cast<const std::byte*>(x.data_ptr());
    const auto* fill = static_cast<const std::byte*>(filling.data_ptr());
    auto* to = static_cast<std::byte*>(out.data_ptr());
    const auto* row = elements_of<int64_t>(rows);
    const auto copy = [=](auto size) {
        at::parallel_for(0, rows.numel(), std::max<int64_t>(1, 32768 / bytes), [=](int64_t begin, int64_t end) {
            for (int64_t i = begin; i < end; i++) {
                if (row[i] >= 0) std::memcpy(to + i * bytes, from + row[i] * bytes, static_cast<size_t>(size));
                else for (int64_t k = 0; k < bytes; k += width) std::memcpy(to + i * bytes + k, fill, static_cast<size_t>(width));
            }
        });
    };
    if (bytes == 4) copy(std::integral_constant<int64_t, 4>());
    else if (bytes == 8) copy(std::integral_constant<int64_t, 8>());
    else copy(bytes);
}

Kernel make_gather(const OpSite& site) {
    const Parameters& p = site.parameters;
    const WindowAxes axes{p["offset_dims"].ints(), p["collapsed_slice_dims"].ints(), p["start_index_map"].ints(), p["operand_batching_dims"].ints(),
                          p["start_indices_batching_dims"].ints()};
    if (site.outputs[0].count() == 0) return [](const at::Tensor*, at::Tensor*) {};
    const bool drops = p["mode"].text() == "FillOrDrop";
    const WindowRows rows(site.inputs[0], site.inputs[1], site.outputs[0].shape, p["slice_sizes"].ints(), axes, drops, site.device);
    const at::Tensor filling = fill_value(site);
    if (site.is_cpu())
        return [rows, filling](const at::Tensor* in, at::Tensor* out) { copy_rows(in[0].contiguous(), rows.find(in[1]), *out, rows.row_size(), filling); };
    return [rows, filling](const at::Tensor* in, at::Tensor* out) {
        const at::Tensor found = rows.find(in[1]), x = rows.rows_of(in[0].contiguous());
        at::Tensor target = rows.rows_of(*out);
        at::index_select_out(target, x, 0, rows.may_drop() ? at::clamp_min(found, 0) : found);
        if (rows.may_drop()) target.copy_(at::where(at::lt(found, 0).unsqueeze(-1), filling, target));
    };
}

}  // namespace

const OpTable& slicing_ops() {
    static const OpTable table = {
        {"dynamic_slice", make_dynamic_slice},
        {"dynamic_update_slice", make_dynamic_update_slice},
        {"gather", make_gather},
        {"scatter", make_scatter<Scattering::Replace>},
        {"scatter_add", make_scatter<Scattering::Add>},
        {"scatter_mul", make_scatter<Scattering::Multiply>, true},
        {"scatter_min", make_scatter<Scattering::Min>},
        {"scatter_max", make_scatter<Scattering::Max>},
    };
    return table;
}

}  // namespace brainstate
