#include "ops/support.h"

#include <algorithm>
#include <limits>

namespace brainstate {

namespace {

constexpr int64_t largest_int64 = std::numeric_limits<int64_t>::max();
constexpr int64_t smallest_int64 = std::numeric_limits<int64_t>::min();

int64_t largest_signed(DType dtype) { return largest_int64 >> (64 - 8 * size_of(dtype)); }
int64_t smallest_signed(DType dtype) { return smallest_int64 >> (64 - 8 * size_of(dtype)); }

bool is_wide_unsigned(DType dtype) { return is_unsigned(dtype) && dtype != DType::UInt8; }

// uint64 as float64. The lowest bit says whether any bit that a shift drops was set, so that the number is rounded once.
at::Tensor unsigned_as_double(const at::Tensor& x) {
    const at::Tensor halved = at::bitwise_or(at::bitwise_and(at::bitwise_right_shift(x, 1), largest_int64), at::bitwise_and(x, 1));
    return at::where(at::lt(x, 0), at::mul(halved.to(at::kDouble), 2), x.to(at::kDouble));
}

at::Tensor floats_as_integers(const at::Tensor& x, DType to) {
    at::Tensor y = at::trunc(x.to(at::kDouble));
    y = at::where(at::ne(y, y), at::zeros({}, y.options()), y);
    if (size_of(to) < 8) {
        const double low = is_unsigned(to) ? 0.0 : static_cast<double>(smallest_signed(to));
        const double high = is_unsigned(to) ? static_cast<double>((int64_t(1) << (8 * size_of(to))) - 1) : static_cast<double>(largest_signed(to));
        return at::clamp(y, low, high).to(at::kLong);
    }
    constexpr double half_range = 9223372036854775808.0;
    const auto saturated = [](const at::Tensor& z) {  // in int64
        const at::Tensor inside = at::clamp(z, -half_range, half_range - 1024).to(at::kLong);
        return at::masked_fill(inside, at::ge(z, half_range), largest_int64);
    };
    if (to == DType::Int64) return saturated(y);
    const at::Tensor upper = at::bitwise_xor(saturated(at::sub(y, half_range)), smallest_int64);
    return at::where(at::ge(y, half_range), upper, at::clamp(y, 0.0, half_range - 1024).to(at::kLong));
}

}  // namespace

Lines::Lines(const Dims& shape, int64_t axis) : size(shape[axis]) {
    for (int64_t i = 0; i < static_cast<int64_t>(shape.size()); i++) {
        if (i < axis) outer *= shape[i];
        if (i > axis) inner *= shape[i];
    }
}

DType real_part_of(DType dtype) { return dtype == DType::Complex64 ? DType::Float32 : dtype == DType::Complex128 ? DType::Float64 : dtype; }

at::ScalarType wide_scalar_type(DType dtype) { return is_half(dtype) ? at::kFloat : scalar_type(dtype); }

at::ScalarType bits_type(DType dtype) {
    switch (size_of(dtype)) {
        case 1: return dtype == DType::Int8 ? at::kChar : at::kByte;
        case 2: return at::kShort;
        case 4: return at::kInt;
        default: return at::kLong;
    }
}

at::Scalar lowest(DType dtype) {
    if (is_floating(dtype)) return -std::numeric_limits<double>::infinity();
    return is_signed(dtype) ? smallest_signed(dtype) : int64_t(0);
}

at::Scalar highest(DType dtype) {
    if (is_floating(dtype)) return std::numeric_limits<double>::infinity();
    if (dtype == DType::Bool) return true;
    return is_signed(dtype) ? largest_signed(dtype) : dtype == DType::UInt8 ? int64_t(255) : int64_t(-1);
}

at::Tensor order_keys(const at::Tensor& x, DType dtype, bool nan_is_largest) {
    if (dtype == DType::Bool) return x.view(at::kByte);
    if (is_wide_unsigned(dtype)) return at::bitwise_xor(x, smallest_signed(dtype));
    if (!is_floating(dtype)) return x;
    // The bits of negative numbers count their magnitudes, so all but the sign are inverted.
    const at::Tensor bits = x.view(bits_type(dtype));
    at::Tensor keys = at::bitwise_right_shift(bits, 8 * size_of(dtype) - 1);
    keys.bitwise_and_(largest_signed(dtype)).bitwise_xor_(bits);
    return keys.masked_fill_(at::ne(x, x), nan_is_largest ? largest_signed(dtype) : smallest_signed(dtype));
}

at::Tensor from_order_keys(at::Tensor keys, DType dtype) {
    if (dtype == DType::Bool) return keys.view(at::kBool);
    if (is_wide_unsigned(dtype)) return keys.bitwise_xor_(smallest_signed(dtype));
    if (!is_floating(dtype)) return keys;
    at::Tensor bits = at::bitwise_right_shift(keys, 8 * size_of(dtype) - 1);
    return bits.bitwise_and_(largest_signed(dtype)).bitwise_xor_(keys).view(scalar_type(dtype));
}

at::Tensor widened_integers(const at::Tensor& x, DType dtype) {
    const at::Tensor wide = x.to(at::kLong);
    return is_wide_unsigned(dtype) && dtype != DType::UInt64 ? at::bitwise_and(wide, (int64_t(1) << (8 * size_of(dtype))) - 1) : wide;
}

at::Tensor index_values(const at::Tensor& x, DType dtype) {
    const at::Tensor wide = widened_integers(x, dtype);
    return dtype == DType::UInt64 ? at::masked_fill(wide, at::lt(wide, 0), largest_int64) : wide;
}

int64_t index_value(const void* element, DType dtype) {
    int64_t value = 0;
    with_element(dtype, [&](auto type) {
        using T = decltype(type);
        if constexpr (std::is_integral_v<T>) {
            const T x = *static_cast<const T*>(element);
            if constexpr (std::is_same_v<T, uint64_t>) value = static_cast<int64_t>(std::min<uint64_t>(x, static_cast<uint64_t>(largest_int64)));
            else value = x;
        }
    });
    return value;
}

void convert_into(const at::Tensor& out, DType to, const at::Tensor& x, DType from) {
    if (from == to || (is_complex(from) && is_complex(to))) out.copy_(x);
    else if (to == DType::Bool) out.copy_(at::ne(x, 0));
    else if (is_complex(from)) convert_into(out, to, at::real(x), real_part_of(from));
    else if (is_complex(to)) {
        const at::Tensor part = at::empty(x.sizes(), x.options().dtype(scalar_type(real_part_of(to))));
        convert_into(part, real_part_of(to), x, from);
        out.copy_(part);
    } else if (is_floating(from)) out.copy_(is_floating(to) ? x : floats_as_integers(x, to));
    else if (is_floating(to) && from == DType::UInt64) out.copy_(unsigned_as_double(x));
    else out.copy_(is_wide_unsigned(from) ? widened_integers(x, from) : x);
}

at::Tensor constant(const Dims& values, at::Device device) {
    return at::from_blob(const_cast<int64_t*>(values.data()), {static_cast<int64_t>(values.size())}, at::kLong).clone().to(device);
}

at::Tensor counting(int64_t count, int64_t scale, int64_t axis, int64_t rank, at::Device device) {
    Dims shape(rank, 1);
    shape[axis] = count;
    return at::mul(at::arange(count, at::TensorOptions(at::kLong).device(device)), scale).view(shape);
}

bool contains(const Dims& axes, int64_t axis) { return std::find(axes.begin(), axes.end(), axis) != axes.end(); }

Dims axes_except(int64_t rank, const Dims& some) {
    Dims rest;
    for (int64_t axis = 0; axis < rank; axis++)
        if (!contains(some, axis)) rest.push_back(axis);
    return rest;
}

Dims inverse_of(const Dims& permutation) {
    Dims inverse(permutation.size());
    for (size_t i = 0; i < permutation.size(); i++) inverse[permutation[i]] = static_cast<int64_t>(i);
    return inverse;
}

Dims joined(Dims first, const Dims& second) {
    first.insert(first.end(), second.begin(), second.end());
    return first;
}

Dims pick(const Dims& values, const Dims& at) {
    Dims picked;
    for (const int64_t i : at) picked.push_back(values[i]);
    return picked;
}

}  // namespace brainstate
