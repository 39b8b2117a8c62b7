// Combinations of the elements under windows. Windows are boxes, so one axis is combined after the other.
#include <algorithm>

#include <ATen/Parallel.h>

#include "ops/scalars.h"
#include "ops/sliding.h"

namespace brainstate {

namespace {

enum class Sliding { Sum, Max, Min };

template <Sliding kind, class T>
T combined(T x, T y) {
    if constexpr (kind == Sliding::Sum) return sum_of(x, y);
    else if constexpr (kind == Sliding::Max) return larger_of(x, y);
    else return smaller_of(x, y);
}

template <Sliding kind, class T>
T neutral(DType dtype) {
    if constexpr (kind == Sliding::Sum || is_complex_type<T>) return T(0);
    else {
        const at::Scalar value = kind == Sliding::Max ? lowest(dtype) : highest(dtype);
        if constexpr (is_floating_type<T>) return static_cast<T>(value.toDouble());
        else return static_cast<T>(value.toLong());
    }
}

// An axis that windows slide along, between the axes around it.
struct SlidingLines {
    std::vector<Run> runs;
    int64_t axis, size, count, step;

    SlidingLines(int64_t number, const SlidingAxis& axis) : runs(axis.runs()), axis(number), size(axis.size), count(axis.count), step(axis.step()) {}
};

template <Sliding kind, class T>
void slide_axis(const T* from, T* to, const SlidingLines& lines, int64_t outer, int64_t inner, T empty) {
    at::parallel_for(0, outer * lines.count, std::max<int64_t>(1, 16384 / inner), [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; i++) {
            const Run run = lines.runs[i % lines.count];
            const T* source = from + (i / lines.count * lines.size + run.first) * inner;
            T* target = to + i * inner;
            if (run.count == 0) std::fill(target, target + inner, empty);
            else if (inner == 1) {
                T total = *source;
                for (int64_t n = 1; n < run.count; n++) total = combined<kind>(total, source[n * lines.step]);
                *target = total;
            } else {
                std::copy(source, source + inner, target);
                for (int64_t n = 1; n < run.count; n++) {
                    source += lines.step * inner;
                    for (int64_t k = 0; k < inner; k++) target[k] = combined<kind>(target[k], source[k]);
                }
            }
        }
    });
}

template <Sliding kind, class T>
void slide_on_cpu(const at::Tensor& x, const at::Tensor& out, const std::vector<SlidingLines>& moving, DType dtype) {
    if (moving.empty()) {
        out.copy_(x);
        return;
    }
    at::Tensor current = x.contiguous();
    for (const SlidingLines& lines : moving) {
        Dims sizes = current.sizes().vec();
        sizes[lines.axis] = lines.count;
        const Lines around(sizes, lines.axis);
        const at::Tensor next = &lines == &moving.back() ? out : at::empty(sizes, out.options());
        slide_axis<kind, T>(elements_of<T>(current), elements_of<T>(next), lines, around.outer, around.inner, neutral<kind, T>(dtype));
        current = next;
    }
}

// Half precision sums go from axis to axis in float32.
template <Sliding kind>
Kernel make_on_cpu(const std::vector<SlidingAxis>& axes, DType dtype) {
    std::vector<SlidingLines> moving;
    for (size_t i = 0; i < axes.size(); i++)
        if (!axes[i].is_trivial()) moving.emplace_back(static_cast<int64_t>(i), axes[i]);
    if (kind == Sliding::Sum && is_half(dtype))
        return [moving](const at::Tensor* in, at::Tensor* out) {
            const at::Tensor wide = at::empty(out->sizes(), out->options().dtype(at::kFloat));
            slide_on_cpu<kind, float>(in[0].to(at::kFloat), wide, moving, DType::Float32);
            out->copy_(wide);
        };
    return [moving, dtype](const at::Tensor* in, at::Tensor* out) {
        with_element(dtype, [&](auto type) {
            using T = decltype(type);
            if constexpr (kind == Sliding::Sum || !is_complex_type<T>) slide_on_cpu<kind, T>(in[0], *out, moving, dtype);
        });
    };
}

// One axis after the other as reductions of a view of its windows.
template <Sliding kind>
at::Tensor slide_on_device(at::Tensor current, const std::vector<SlidingAxis>& axes, const at::Scalar& empty) {
    for (size_t i = 0; i < axes.size(); i++) {
        const SlidingAxis& axis = axes[i];
        if (axis.is_trivial()) continue;
        std::vector<AxisPadding> padding(axes.size());
        padding[i] = axis.padding();
        const at::Tensor padded = Padded(current.sizes().vec(), padding).of(current, empty);
        Dims sizes = padded.sizes().vec(), strides = padded.strides().vec();
        sizes[i] = axis.count;
        sizes.push_back(axis.window);
        strides.push_back(axis.window_dilation * strides[i]);
        strides[i] *= axis.stride;
        const at::Tensor windows = padded.as_strided(sizes, strides);
        if (kind == Sliding::Sum) current = at::sum(windows, last_axis, false, windows.scalar_type());
        else current = kind == Sliding::Max ? at::amax(windows, -1) : at::amin(windows, -1);
    }
    return current;
}

template <Sliding kind>
Kernel make_on_device(std::vector<SlidingAxis> axes, DType dtype) {
    if constexpr (kind == Sliding::Sum)
        return [axes, wide = wide_scalar_type(dtype)](const at::Tensor* in, at::Tensor* out) { out->copy_(slide_on_device<kind>(in[0].to(wide), axes, 0)); };
    constexpr bool is_max = kind == Sliding::Max;
    const at::Tensor neutral_key = order_keys(at::full({1}, is_max ? lowest(dtype) : highest(dtype), at::TensorOptions(scalar_type(dtype))), dtype, is_max);
    return [axes, dtype, empty = neutral_key.item()](const at::Tensor* in, at::Tensor* out) {
        const at::Tensor keys = slide_on_device<kind>(order_keys(in[0], dtype, is_max), axes, empty);
        out->copy_(from_order_keys(keys.clone(), dtype));
    };
}

template <Sliding kind>
Kernel make_sliding(const OpSite& site) {
    const std::vector<SlidingAxis> axes = sliding_axes(site.parameters, site.inputs[0].shape, site.outputs[0].shape);
    const DType dtype = site.inputs[0].dtype;
    if (site.outputs[0].count() == 0) return [](const at::Tensor*, at::Tensor*) {};
    if (site.inputs[0].count() == 0) {
        const at::Scalar empty = kind == Sliding::Sum ? at::Scalar(0) : kind == Sliding::Max ? lowest(dtype) : highest(dtype);
        return [empty](const at::Tensor*, at::Tensor* out) { out->fill_(empty); };
    }
    return site.is_cpu() ? make_on_cpu<kind>(axes, dtype) : make_on_device<kind>(axes, dtype);
}

}  // namespace

const OpTable& window_ops() {
    static const OpTable table = {
        {"reduce_window_sum", make_sliding<Sliding::Sum>},
        {"reduce_window_max", make_sliding<Sliding::Max>},
        {"reduce_window_min", make_sliding<Sliding::Min>},
        {"select_and_gather_add", make_select_and_gather_add},
        {"select_and_scatter_add", make_select_and_scatter_add},
    };
    return table;
}

}  // namespace brainstate
