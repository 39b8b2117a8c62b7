#include "ops/scattering.h"

#include "ops/scalars.h"
#include "ops/windows_at.h"

namespace brainstate {

namespace {

template <Scattering kind, class T>
T combined(T old, T update) {
    if constexpr (kind == Scattering::Replace) return update;
    else if constexpr (kind == Scattering::Add) return sum_of(old, update);
    else if constexpr (kind == Scattering::Multiply) return product_of(old, update);
    else if constexpr (kind == Scattering::Min) return smaller_of(old, update);
    else return larger_of(old, update);
}

// In the order of the updates, as the contract wants it.
template <Scattering kind>
void scatter_on_cpu(const at::Tensor& out, const at::Tensor& rows, const at::Tensor& updates, int64_t row_size, DType dtype) {
    with_element(dtype, [&](auto type) {
        using T = decltype(type);
        if constexpr (!is_complex_type<T> || kind == Scattering::Replace || kind == Scattering::Add || kind == Scattering::Multiply) {
            T* to = elements_of<T>(out);
            const T* from = elements_of<T>(updates);
            const int64_t* row = elements_of<int64_t>(rows);
            for (int64_t i = 0; i < rows.numel(); i++, from += row_size) {
                if (row[i] < 0) continue;
                T* target = to + row[i] * row_size;
                for (int64_t k = 0; k < row_size; k++) target[k] = combined<kind>(target[k], from[k]);
            }
        }
    });
}

// The last update of each row, found as the largest position.
void replace(const at::Tensor& out, const at::Tensor& rows, const at::Tensor& updates) {
    at::Tensor last = at::full({out.size(0)}, -1, rows.options());
    const at::Tensor position = at::arange(rows.size(0), rows.options());
    last.scatter_reduce_(0, at::clamp_min(rows, 0), at::where(at::lt(rows, 0), at::neg(at::ones_like(rows)), position), "amax");
    const at::Tensor chosen = at::index_select(updates, 0, at::clamp_min(last, 0));
    out.copy_(at::where(at::lt(last, 0).unsqueeze(-1), out, chosen));
}

// What leaves any element as it is.
template <Scattering kind>
at::Scalar neutral(DType dtype) {
    if (kind == Scattering::Add) return is_floating(dtype) || is_complex(dtype) ? at::Scalar(-0.0) : at::Scalar(0);
    if (kind == Scattering::Multiply) return 1;
    return kind == Scattering::Min ? highest(dtype) : lowest(dtype);
}

template <Scattering kind>
void scatter_on_device(const at::Tensor& out, const WindowRows& place, const at::Tensor& found, const at::Tensor& all_updates, bool is_unique, DType dtype) {
    at::Tensor target = place.rows_of(out), updates = place.rows_of(all_updates), rows = found;
    if constexpr (kind == Scattering::Replace) {
        if (is_unique && !place.may_drop()) target.index_copy_(0, rows, updates);
        else replace(target, rows, updates);
        return;
    }
    if (place.may_drop()) {
        updates = at::masked_fill(updates, at::lt(rows, 0).unsqueeze(-1), neutral<kind>(dtype));
        rows = at::clamp_min(rows, 0);
    }
    if constexpr (kind == Scattering::Add) target.index_add_(0, rows, updates);
    if constexpr (kind == Scattering::Multiply) target.index_reduce_(0, rows, updates, "prod");
    if constexpr (kind == Scattering::Min || kind == Scattering::Max) {
        constexpr bool is_max = kind == Scattering::Max;
        at::Tensor keys = order_keys(target, dtype, is_max).clone();
        keys.index_reduce_(0, rows, order_keys(updates, dtype, is_max), is_max ? "amax" : "amin");
        target.copy_(from_order_keys(keys, dtype));
    }
}

// ATen has no products of complex elements at computed positions.
bool is_only_on_cpu(Scattering kind, DType dtype) { return kind == Scattering::Multiply && is_complex(dtype); }

}  // namespace

template <Scattering kind>
Kernel make_scatter(const OpSite& site) {
    const Parameters& p = site.parameters;
    const Spec &x = site.inputs[0], &updates = site.inputs[2];
    WindowAxes axes{p["update_window_dims"].ints(), p["inserted_window_dims"].ints(), p["scatter_dims_to_operand_dims"].ints(),
                    p["operand_batching_dims"].ints(), p["scatter_indices_batching_dims"].ints()};
    const Kernel untouched = [](const at::Tensor* in, at::Tensor* out) { out->copy_(in[0]); };
    if (x.count() == 0 || updates.count() == 0) return untouched;

    // Window after window: the axes of the batch come first.
    const auto update_rank = static_cast<int64_t>(updates.shape.size());
    const Dims order = joined(axes_except(update_rank, axes.window_axes), axes.window_axes), shape = pick(updates.shape, order);
    const Dims windowed = axes_except(static_cast<int64_t>(x.shape.size()), joined(axes.absent, axes.operand_batching));
    Dims sizes(x.shape.size(), 1);
    for (size_t i = 0; i < windowed.size(); i++) {
        sizes[windowed[i]] = updates.shape[axes.window_axes[i]];
        axes.window_axes[i] = update_rank - static_cast<int64_t>(windowed.size()) + static_cast<int64_t>(i);
    }
    const bool drops = p["mode"].text() == "FillOrDrop", is_unique = p["unique_indices"].integer() != 0;
    const WindowRows place(x, site.inputs[1], shape, sizes, axes, drops, site.device);
    if (place.fits_nowhere()) return untouched;
    return [place, order, is_unique, dtype = x.dtype](const at::Tensor* in, at::Tensor* out) {
        const at::Tensor rows = place.find(in[1]), updates = in[2].permute(order).contiguous();
        out->copy_(in[0]);
        if (out->is_cpu()) scatter_on_cpu<kind>(*out, rows, updates, place.row_size(), dtype);
        else if (is_only_on_cpu(kind, dtype)) {
            const at::Tensor there = out->cpu();
            scatter_on_cpu<kind>(there, rows.cpu(), updates.cpu(), place.row_size(), dtype);
            out->copy_(there);
        } else scatter_on_device<kind>(*out, place, rows, updates, is_unique, dtype);
    };
}

template Kernel make_scatter<Scattering::Replace>(const OpSite&);
template Kernel make_scatter<Scattering::Add>(const OpSite&);
template Kernel make_scatter<Scattering::Multiply>(const OpSite&);
template Kernel make_scatter<Scattering::Min>(const OpSite&);
template Kernel make_scatter<Scattering::Max>(const OpSite&);

}  // namespace brainstate
