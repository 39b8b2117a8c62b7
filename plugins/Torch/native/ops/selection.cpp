// Windows that select an element: the first extreme one, or the first NaN. Padding is never selected.
#include <algorithm>

#include <ATen/Parallel.h>

#include "ops/scalars.h"
#include "ops/sliding.h"

namespace brainstate {

namespace {

// Windows on the host: the axes from the first to the last along which they move, between those around them.
class Windows {
public:
    explicit Windows(const std::vector<SlidingAxis>& axes) {
        size_t first = 0, last = axes.size();
        while (first < last && axes[first].is_trivial()) outer_count *= axes[first++].size;
        while (last > first && axes[last - 1].is_trivial()) inner_count *= axes[--last].size;
        for (size_t i = first; i < last; i++) {
            for (Axis& before : moving) before.stride *= axes[i].size;
            moving.push_back({axes[i].runs(), axes[i].step(), 1});
            size *= axes[i].size;
            count *= axes[i].count;
        }
    }

    int64_t outer() const { return outer_count; }
    int64_t windows_per_outer() const { return count * inner_count; }
    int64_t elements_per_outer() const { return size * inner_count; }

    // Calls f with every window of one of the outer tensors and the position that it selects; −1 for a window over padding alone.
    template <class T, class F>
    void select(const T* x, bool is_max, F&& f) const {
        for (int64_t window = 0; window < count; window++)
            for (int64_t k = 0; k < inner_count; k++) {
                int64_t best = -1;
                T extreme{};
                visit(window, moving.size(), 0, [&](int64_t element) {
                    const int64_t position = element * inner_count + k;
                    const T value = x[position];
                    const bool is_better = is_nan(value) || (is_max ? value > extreme : value < extreme);
                    if (best >= 0 && (is_nan(extreme) || !is_better)) return;
                    best = position;
                    extreme = value;
                });
                f(window * inner_count + k, best);
            }
    }

private:
    struct Axis {
        std::vector<Run> runs;
        int64_t step, stride;
    };
    std::vector<Axis> moving;
    int64_t outer_count = 1, inner_count = 1, size = 1, count = 1;

    // The elements under a window in order: those of the first axes' windows are in `rest`, whose last axis varies fastest.
    template <class F>
    void visit(int64_t rest, size_t axis_count, int64_t offset, const F& f) const {
        if (axis_count == 0) return f(offset);
        if (axis_count == 1) return walk(moving[0], rest, offset, f);
        if (axis_count == 2) {
            const auto columns = static_cast<int64_t>(moving[1].runs.size());
            return walk(moving[0], rest / columns, offset, [&](int64_t row) { walk(moving[1], rest % columns, row, f); });
        }
        visit_first(rest, 0, offset, f);
    }

    template <class F>
    void visit_first(int64_t rest, size_t axis, int64_t offset, const F& f) const {
        if (axis == moving.size()) return f(offset);
        int64_t after = 1;
        for (size_t i = axis + 1; i < moving.size(); i++) after *= static_cast<int64_t>(moving[i].runs.size());
        walk(moving[axis], rest / after, offset, [&](int64_t place) { visit_first(rest % after, axis + 1, place, f); });
    }

    template <class F>
    static void walk(const Axis& axis, int64_t at, int64_t offset, const F& f) {
        const Run run = axis.runs[at];
        for (int64_t n = 0; n < run.count; n++) f(offset + (run.first + n * axis.step) * axis.stride);
    }
};

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

struct Selection {
    std::vector<SlidingAxis> axes;
    Windows windows;
    DType dtype;
    bool is_max;

    Selection(const OpSite& site, const Dims& shape)
        : axes(sliding_axes(site.parameters, site.inputs[1].shape, shape)),
          windows(axes),
          dtype(site.inputs[1].dtype),
          is_max(site.parameters["select_prim"].text() == "Ge") {}

    // One position per window.
    at::Tensor positions(const at::Tensor& x) const { return select_on_device(x, axes, dtype, is_max).reshape({-1}); }

    // Calls f with an element of the dtype and the beginning and end of a range of outer tensors.
    template <class F>
    void for_outer(F&& f) const {
        with_element(dtype, [&](auto type) {
            if constexpr (!is_complex_type<decltype(type)>)
                at::parallel_for(0, windows.outer(), 1 + 2048 / (windows.windows_per_outer() + 1), [&](int64_t begin, int64_t end) { f(type, begin, end); });
        });
    }
};

void gather_on_cpu(const Selection& selection, const at::Tensor& values, const at::Tensor& x, const at::Tensor& out) {
    const Windows& windows = selection.windows;
    selection.for_outer([&](auto type, int64_t begin, int64_t end) {
        using T = decltype(type);
        for (int64_t i = begin; i < end; i++) {
            const T* from = elements_of<T>(values) + i * windows.elements_per_outer();
            T* to = elements_of<T>(out) + i * windows.windows_per_outer();
            windows.select(elements_of<T>(x) + i * windows.elements_per_outer(), selection.is_max,
                           [&](int64_t window, int64_t position) { to[window] = position < 0 ? T(0) : from[position]; });
        }
    });
}

void scatter_on_cpu(const Selection& selection, const at::Tensor& source, const at::Tensor& x, const at::Tensor& totals) {
    const Windows& windows = selection.windows;
    totals.zero_();
    selection.for_outer([&](auto type, int64_t begin, int64_t end) {
        using T = decltype(type);
        for (int64_t i = begin; i < end; i++) {
            const T* from = elements_of<T>(source) + i * windows.windows_per_outer();
            WideType<T>* to = elements_of<WideType<T>>(totals) + i * windows.elements_per_outer();
            windows.select(elements_of<T>(x) + i * windows.elements_per_outer(), selection.is_max, [&](int64_t window, int64_t position) {
                if (position >= 0) to[position] = sum_of(to[position], static_cast<WideType<T>>(from[window]));
            });
        }
    });
}

}  // namespace

Kernel make_select_and_gather_add(const OpSite& site) {
    const Selection selection(site, site.outputs[0].shape);
    if (site.outputs[0].count() == 0) return [](const at::Tensor*, at::Tensor*) {};
    if (site.inputs[0].count() == 0) return [](const at::Tensor*, at::Tensor* out) { out->zero_(); };
    if (site.is_cpu()) return [selection](const at::Tensor* in, at::Tensor* out) { gather_on_cpu(selection, in[0].contiguous(), in[1].contiguous(), *out); };
    return [selection](const at::Tensor* in, at::Tensor* out) {
        const at::Tensor positions = selection.positions(in[1]);
        const at::Tensor values = at::index_select(in[0].reshape({-1}), 0, at::clamp_min(positions, 0));
        out->copy_(at::masked_fill(values, at::lt(positions, 0), 0).view(out->sizes()));
    };
}

Kernel make_select_and_scatter_add(const OpSite& site) {
    const Selection selection(site, site.inputs[0].shape);
    if (site.inputs[0].count() == 0 || site.inputs[1].count() == 0) return [](const at::Tensor*, at::Tensor* out) { out->zero_(); };
    const at::ScalarType wide = wide_scalar_type(site.outputs[0].dtype);
    const bool is_direct = wide == scalar_type(site.outputs[0].dtype);
    return [selection, wide, is_direct](const at::Tensor* in, at::Tensor* out) {
        at::Tensor totals = is_direct ? *out : at::empty(out->sizes(), out->options().dtype(wide));
        if (out->is_cpu()) scatter_on_cpu(selection, in[0].contiguous(), in[1].contiguous(), totals);
        else {
            const at::Tensor positions = selection.positions(in[1]);
            const at::Tensor source = at::masked_fill(in[0].reshape({-1}), at::lt(positions, 0), 0);
            totals.zero_().view({-1}).index_add_(0, at::clamp_min(positions, 0), source.to(wide));
        }
        if (!is_direct) out->copy_(totals);
    };
}

}  // namespace brainstate
