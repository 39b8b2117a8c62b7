// Windows that select an element: the first extreme one, or the first NaN. Padding is never selected.
#include <algorithm>

#include <ATen/Parallel.h>

#include "ops/scalars.h"
#include "ops/sliding.h"

namespace brainstate {

namespace {

// Multi-indices into windows and into a tensor on the host.
struct Geometry {
    std::vector<SlidingAxis> axes;
    Dims strides;  // of the dense tensor

    Geometry(std::vector<SlidingAxis> all) : axes(std::move(all)), strides(axes.size(), 1) {
        for (size_t i = axes.size(); i-- > 1;) strides[i - 1] = strides[i] * axes[i].size;
    }

    int64_t window_count() const {
        int64_t count = 1;
        for (const SlidingAxis& axis : axes) count *= axis.count;
        return count;
    }

    // Calls f with the position of every element under a window that is not padding, in order.
    template <class F>
    void visit(int64_t window, F&& f) const {
        Dims at(axes.size());
        for (size_t i = axes.size(); i-- > 0; window /= axes[i].count) at[i] = window % axes[i].count;
        visit(at, 0, 0, f);
    }

private:
    template <class F>
    void visit(const Dims& at, size_t i, int64_t position, F& f) const {
        if (i == axes.size()) return f(position);
        for (int64_t inside = 0; inside < axes[i].window; inside++) {
            const int64_t place = axes[i].place(at[i], inside);
            if (place >= 0) visit(at, i + 1, position + place * strides[i], f);
        }
    }
};

// The position that each window selects; −1 for a window over padding alone.
template <class T>
void select_on_cpu(const T* x, int64_t* positions, const Geometry& geometry, bool is_max) {
    at::parallel_for(0, geometry.window_count(), 256, [&](int64_t begin, int64_t end) {
        for (int64_t window = begin; window < end; window++) {
            int64_t best = -1;
            geometry.visit(window, [&](int64_t position) {
                const T value = x[position];
                if (best < 0 || (!is_nan(x[best]) && (is_nan(value) || (is_max ? value > x[best] : value < x[best])))) best = position;
            });
            positions[window] = best;
        }
    });
}

// Looks at the windows' first elements, then at their second ones …; all of the same number at once.
at::Tensor select_on_device(const at::Tensor& x, const std::vector<SlidingAxis>& axes, DType dtype, bool is_max) {
    std::vector<AxisPadding> padding;
    Dims shape;
    for (const SlidingAxis& axis : axes) {
        padding.push_back(axis.padding());
        shape.push_back(axis.count);
    }
    const Padded place(x.sizes().vec(), padding);
    // −0 and 0 are equal. Positions of padding are −1.
    const at::Tensor keys = order_keys(is_floating(dtype) ? at::add(x, 0) : x, dtype, is_max);
    const at::Tensor own = at::arange(x.numel(), at::TensorOptions(at::kLong).device(x.device())).view(x.sizes());
    const auto windows = [&](const at::Tensor& padded) { return windows_of(padded.contiguous(), axes).flatten(static_cast<int64_t>(axes.size())).unbind(-1); };
    const std::vector<at::Tensor> candidates = windows(place.of(keys, 0)), positions = windows(place.of(own, -1));
    at::Tensor best_key = candidates[0], best = positions[0];
    for (size_t i = 1; i < candidates.size(); i++) {
        const at::Tensor is_better = is_max ? at::gt(candidates[i], best_key) : at::lt(candidates[i], best_key);
        const at::Tensor takes = at::logical_and(at::ge(positions[i], 0), at::logical_or(is_better, at::lt(best, 0)));
        best_key = at::where(takes, candidates[i], best_key);
        best = at::where(takes, positions[i], best);
    }
    return best;
}

class Selection {
public:
    Selection(const OpSite& site, const Dims& windows)
        : geometry(sliding_axes(site.parameters, site.inputs[1].shape, windows)), windows(windows), dtype(site.inputs[1].dtype), is_max(site.parameters["select_prim"].text() == "Ge") {}

    // One position per window.
    at::Tensor of(const at::Tensor& x) const {
        if (!x.is_cpu()) return select_on_device(x, geometry.axes, dtype, is_max).reshape({-1});
        const at::Tensor dense = x.contiguous(), positions = at::empty({geometry.window_count()}, at::kLong);
        with_element(dtype, [&](auto type) {
            using T = decltype(type);
            if constexpr (!is_complex_type<T>) select_on_cpu(elements_of<T>(dense), elements_of<int64_t>(positions), geometry, is_max);
        });
        return positions;
    }

private:
    Geometry geometry;
    Dims windows;
    DType dtype;
    bool is_max;
};

}  // namespace

Kernel make_select_and_gather_add(const OpSite& site) {
    const Selection selection(site, site.outputs[0].shape);
    if (site.outputs[0].count() == 0) return [](const at::Tensor*, at::Tensor*) {};
    if (site.inputs[0].count() == 0) return [](const at::Tensor*, at::Tensor* out) { out->zero_(); };
    return [selection](const at::Tensor* in, at::Tensor* out) {
        const at::Tensor positions = selection.of(in[1]);
        const at::Tensor values = at::index_select(in[0].reshape({-1}), 0, at::clamp_min(positions, 0));
        out->copy_(at::masked_fill(values, at::lt(positions, 0), 0).view(out->sizes()));
    };
}

Kernel make_select_and_scatter_add(const OpSite& site) {
    const Selection selection(site, site.inputs[0].shape);
    if (site.inputs[0].count() == 0 || site.inputs[1].count() == 0) return [](const at::Tensor*, at::Tensor* out) { out->zero_(); };
    return [selection, wide = wide_scalar_type(site.outputs[0].dtype)](const at::Tensor* in, at::Tensor* out) {
        const at::Tensor positions = selection.of(in[1]);
        const at::Tensor source = at::masked_fill(in[0].reshape({-1}), at::lt(positions, 0), 0).to(wide);
        const bool is_direct = wide == out->scalar_type();
        at::Tensor totals = is_direct ? out->view({-1}).zero_() : at::zeros({out->numel()}, out->options().dtype(wide));
        totals.index_add_(0, at::clamp_min(positions, 0), source);
        if (!is_direct) out->copy_(totals.view(out->sizes()));
    };
}

}  // namespace brainstate
