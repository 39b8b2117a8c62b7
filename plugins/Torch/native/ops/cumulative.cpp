// Running combinations along an axis.
#include <ATen/Parallel.h>

#include "ops/scalars.h"

namespace brainstate {

namespace {

enum class Running { Sum, Product, Max, Min, LogSumExp };

// log(eˣ + eʸ), written so that nothing overflows.
double log_sum_exp(double x, double y) {
    if (std::isnan(x) || std::isnan(y)) return x + y;
    const double larger = std::max(x, y);
    return std::isinf(larger) ? larger : larger + std::log1p(std::exp(-std::abs(x - y)));
}

template <Running kind, class T>
T combined(T x, T y) {
    if constexpr (kind == Running::Sum) return sum_of(x, y);
    else if constexpr (kind == Running::Product) return product_of(x, y);
    else if constexpr (kind == Running::Max) return larger_of(x, y);
    else if constexpr (kind == Running::Min) return smaller_of(x, y);
    else return log_sum_exp(x, y);
}

// What runs is not rounded; every result is.
template <Running kind, class T>
using Total = std::conditional_t<kind == Running::LogSumExp, double, std::conditional_t<kind == Running::Max || kind == Running::Min, T, WideType<T>>>;

template <Running kind, class T>
constexpr bool is_defined = is_complex_type<T> ? kind == Running::Sum || kind == Running::Product : kind != Running::LogSumExp || is_floating_type<T>;

// A few neighbouring lines at a time, so that memory is read in order and the totals stay in registers.
template <Running kind, class T>
void run_lines(const T* from, T* to, const Lines& lines, bool reverse) {
    constexpr int64_t most = 64;
    using U = Total<kind, T>;
    const int64_t blocks = (lines.inner + most - 1) / most;
    at::parallel_for(0, lines.outer * blocks, std::max<int64_t>(1, 16384 / (lines.size * std::min(lines.inner, most) + 1)), [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; i++) {
            const int64_t first = i % blocks * most, count = std::min(most, lines.inner - first);
            const int64_t offset = (i / blocks * lines.size + (reverse ? lines.size - 1 : 0)) * lines.inner + first;
            const int64_t step = reverse ? -lines.inner : lines.inner;
            U totals[most];
            for (int64_t k = 0; k < count; k++) to[offset + k] = static_cast<T>(totals[k] = static_cast<U>(from[offset + k]));
            for (int64_t n = 1, at = offset + step; n < lines.size; n++, at += step)
                for (int64_t k = 0; k < count; k++) {
                    totals[k] = combined<kind>(totals[k], static_cast<U>(from[at + k]));
                    to[at + k] = static_cast<T>(totals[k]);
                }
        }
    });
}

template <Running kind>
void run_on_cpu(const at::Tensor& x, const at::Tensor& out, const Lines& lines, DType dtype, bool reverse) {
    with_element(dtype, [&](auto type) {
        using T = decltype(type);
        if constexpr (is_defined<kind, T>) run_lines<kind>(elements_of<T>(x), elements_of<T>(out), lines, reverse);
    });
}

template <Running kind>
void run_on_device(const at::Tensor& x, at::Tensor out, int64_t axis, DType dtype) {
    const at::ScalarType type = wide_scalar_type(dtype);
    if constexpr (kind == Running::Sum) out.copy_(at::cumsum(x, axis, type));
    else if constexpr (kind == Running::Product) out.copy_(at::cumprod(x, axis, type));
    else if constexpr (kind == Running::LogSumExp) out.copy_(at::logcumsumexp(x.to(at::kDouble), axis));
    else {
        const at::Tensor keys = order_keys(x, dtype, kind == Running::Max);
        out.copy_(from_order_keys(std::get<0>(kind == Running::Max ? at::cummax(keys, axis) : at::cummin(keys, axis)), dtype));
    }
}

template <Running kind>
Kernel make_running(const OpSite& site) {
    const int64_t axis = site.parameters["axis"].integer();
    const bool reverse = site.parameters["reverse"].integer() != 0;
    const DType dtype = site.inputs[0].dtype;
    const Lines lines(site.inputs[0].shape, axis);
    if (site.inputs[0].count() == 0) return [](const at::Tensor*, at::Tensor*) {};
    if (site.is_cpu())
        return [lines, dtype, reverse](const at::Tensor* in, at::Tensor* out) { run_on_cpu<kind>(in[0].contiguous(), *out, lines, dtype, reverse); };
    return [axis, dtype, reverse](const at::Tensor* in, at::Tensor* out) {
        if (!reverse) return run_on_device<kind>(in[0], *out, axis, dtype);
        at::Tensor reversed = at::empty_like(*out);
        run_on_device<kind>(at::flip(in[0], axis), reversed, axis, dtype);
        out->copy_(at::flip(reversed, axis));
    };
}

}  // namespace

const OpTable& cumulative_ops() {
    static const OpTable table = {
        {"cumsum", make_running<Running::Sum>},
        {"cumprod", make_running<Running::Product>},
        {"cummax", make_running<Running::Max>},
        {"cummin", make_running<Running::Min>},
        {"cumlogsumexp", make_running<Running::LogSumExp>},
    };
    return table;
}

}  // namespace brainstate
