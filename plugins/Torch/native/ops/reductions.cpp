// Combinations of all elements along some axes, and positions of extreme elements.
#include <algorithm>

#include "ops/support.h"

namespace brainstate {

namespace {

Kernel copying() {
    return [](const at::Tensor* in, at::Tensor* out) { out->copy_(in[0]); };
}

Kernel filling(const at::Scalar& value) {
    return [value](const at::Tensor*, at::Tensor* out) { out->fill_(value); };
}

bool is_over_nothing(const OpSite& site) { return site.inputs[0].count() == 0; }

// The axes as one, at the end. A copy where no strides can say it.
class Flattening {
public:
    Flattening(const Spec& operand, const Dims& axes)
        : shape(pick(operand.shape, axes_except(rank_of(operand), axes))), order(axes_except(rank_of(operand), axes)) {
        Dims sorted = axes;
        std::sort(sorted.begin(), sorted.end());
        order.insert(order.end(), sorted.begin(), sorted.end());
        shape.push_back(count_of(pick(operand.shape, axes)));
    }

    at::Tensor of(const at::Tensor& x) const { return x.permute(order).reshape(shape); }

private:
    Dims shape, order;

    static int64_t rank_of(const Spec& spec) { return static_cast<int64_t>(spec.shape.size()); }
};

Kernel make_sum(const OpSite& site) {
    const Dims axes = site.parameters["axes"].ints();
    if (axes.empty()) return copying();
    if (is_over_nothing(site)) return filling(0);
    const at::ScalarType type = scalar_type(site.outputs[0].dtype);
    if (site.is_cpu() && is_half(site.outputs[0].dtype))
        return [axes](const at::Tensor* in, at::Tensor* out) { out->copy_(at::sum(in[0], axes, false, at::kFloat)); };
    return [axes, type](const at::Tensor* in, at::Tensor* out) { at::sum_out(*out, in[0], axes, false, type); };
}

Kernel make_product(const OpSite& site) {
    const Dims axes = site.parameters["axes"].ints();
    if (axes.empty()) return copying();
    if (is_over_nothing(site)) return filling(1);
    const bool is_narrow = is_half(site.outputs[0].dtype);
    const at::ScalarType type = wide_scalar_type(site.outputs[0].dtype);
    return [flatten = Flattening(site.inputs[0], axes), type, is_narrow](const at::Tensor* in, at::Tensor* out) {
        if (is_narrow) out->copy_(at::prod(flatten.of(in[0]), -1, false, type));
        else at::prod_out(*out, flatten.of(in[0]), -1, false, type);
    };
}

bool has_zero(const at::Tensor& x, DType dtype) {
    bool found = false;
    with_element(dtype, [&](auto type) {
        using T = decltype(type);
        if constexpr (is_floating_type<T>) {
            const auto is_zero = [](T value) { return static_cast<WideType<T>>(value) == 0; };
            found = std::any_of(elements_of<T>(x), elements_of<T>(x) + x.numel(), is_zero);
        }
    });
    return found;
}

// ATen does not tell zeros apart. Where the largest number is a zero, it is 0 and not −0 if one of the numbers is 0, which has then the largest bits; and the
// smallest is −0 if one is −0, which has then the smallest bits.
void mark_zeros(const at::Tensor& x, const at::Tensor& out, const Dims& axes, DType dtype, bool is_max) {
    const at::ScalarType type = bits_type(dtype);
    const at::Tensor bits = is_max ? at::amax(x.view(type), axes) : at::amin(x.view(type), axes);
    const at::Tensor is_zero = at::eq(out, 0);
    const at::Tensor sign = at::bitwise_and(bits, int64_t(-1) << (8 * size_of(dtype) - 1));
    const at::Tensor own = out.view(type);
    own.copy_(at::where(is_zero, sign, own));
}

template <bool is_max>
Kernel make_extreme(const OpSite& site) {
    const Dims axes = site.parameters["axes"].ints();
    const DType dtype = site.inputs[0].dtype;
    if (axes.empty()) return copying();
    if (is_over_nothing(site)) return filling(is_max ? lowest(dtype) : highest(dtype));
    const auto reduce = [axes](const at::Tensor& x, const at::Tensor& out) {
        at::Tensor result = out;
        if (is_max) at::amax_out(result, x, axes);
        else at::amin_out(result, x, axes);
    };
    if (is_floating(dtype))
        return [axes, dtype, reduce](const at::Tensor* in, at::Tensor* out) {
            reduce(in[0], *out);
            if (!out->is_cpu() || has_zero(*out, dtype)) mark_zeros(in[0], *out, axes, dtype, is_max);
        };
    if (dtype == DType::Bool) return [reduce](const at::Tensor* in, at::Tensor* out) { reduce(in[0].view(at::kByte), out->view(at::kByte)); };
    if (is_unsigned(dtype) && dtype != DType::UInt8)
        return [dtype, reduce](const at::Tensor* in, at::Tensor* out) {
            reduce(order_keys(in[0], dtype, is_max), *out);
            from_order_keys(*out, dtype);
        };
    return [reduce](const at::Tensor* in, at::Tensor* out) { reduce(in[0], *out); };
}

// Halves are combined until one element is left. With an odd count the one in the middle waits.
template <class Combine>
Kernel make_folding(const OpSite& site, Combine combine) {
    return [flatten = Flattening(site.inputs[0], site.parameters["axes"].ints()), combine](const at::Tensor* in, at::Tensor* out) {
        at::Tensor rest = flatten.of(in[0]);
        for (int64_t count = rest.size(-1), half; count > 1; count -= half) {
            half = count / 2;
            at::Tensor folded = combine(rest.narrow(-1, 0, half), rest.narrow(-1, count - half, half));
            rest = count % 2 == 0 ? folded : at::cat({folded, rest.narrow(-1, half, 1)}, -1);
        }
        out->copy_(rest.squeeze(-1));
    };
}

template <bool is_and>
Kernel make_bitwise(const OpSite& site) {
    if (site.inputs[0].dtype == DType::Bool) return make_extreme<!is_and>(site);
    if (site.parameters["axes"].ints().empty()) return copying();
    if (is_over_nothing(site)) return filling(is_and ? (site.inputs[0].dtype == DType::UInt8 ? 255 : -1) : 0);
    return make_folding(site, [](const at::Tensor& x, const at::Tensor& y) { return is_and ? at::bitwise_and(x, y) : at::bitwise_or(x, y); });
}

Kernel make_xor(const OpSite& site) {
    if (site.parameters["axes"].ints().empty()) return copying();
    if (is_over_nothing(site)) return filling(0);
    return make_folding(site, [](const at::Tensor& x, const at::Tensor& y) { return at::bitwise_xor(x, y); });
}

// ATen takes the first of equals, and the first NaN before all.
template <bool is_max>
Kernel make_position(const OpSite& site) {
    const int64_t axis = site.parameters["axes"].ints().at(0);
    const DType dtype = site.inputs[0].dtype;
    const bool needs_keys = dtype == DType::Bool || (is_unsigned(dtype) && dtype != DType::UInt8);
    const bool widens = is_half(dtype) && site.is_cpu();
    if (site.outputs[0].count() == 0) return [](const at::Tensor*, at::Tensor*) {};
    return [axis, dtype, needs_keys, widens](const at::Tensor* in, at::Tensor* out) {
        const at::Tensor x = needs_keys ? order_keys(in[0], dtype, is_max) : widens ? in[0].to(at::kFloat) : in[0];
        if (out->scalar_type() != at::kLong) out->copy_(is_max ? at::argmax(x, axis) : at::argmin(x, axis));
        else if (is_max) at::argmax_out(*out, x, axis);
        else at::argmin_out(*out, x, axis);
    };
}

}  // namespace

const OpTable& reduction_ops() {
    static const OpTable table = {
        {"reduce_sum", make_sum},
        {"reduce_prod", make_product},
        {"reduce_max", make_extreme<true>},
        {"reduce_min", make_extreme<false>},
        {"reduce_and", make_bitwise<true>},
        {"reduce_or", make_bitwise<false>},
        {"reduce_xor", make_xor},
        {"argmax", make_position<true>},
        {"argmin", make_position<false>},
    };
    return table;
}

}  // namespace brainstate
