#include "ops/matrices.h"

#include <algorithm>

#include <ATen/Context.h>

#include "ops/support.h"

namespace brainstate {

namespace {

// BLAS takes no vectors of one element repeated.
at::Tensor vector_of(const at::Tensor& line) { return line.stride(0) == 0 ? line.contiguous() : line; }

// Products with one row or column are limited by memory, and are those of a vector.
void multiply(const at::Tensor& x, const at::Tensor& y, at::Tensor& out) {
    if (x.dim() == 3) at::bmm_out(out, x, y);
    else if (x.size(1) == 1 || (x.size(0) > 1 && y.size(1) > 1)) at::mm_out(out, x, y);
    else {
        at::Tensor line = out.view({-1});
        if (x.size(0) == 1) at::mv_out(line, y.t(), vector_of(x.select(0, 0)));
        else at::mv_out(line, x, vector_of(y.select(1, 0)));
    }
}

at::Tensor product(const at::Tensor& x, const at::Tensor& y) { return x.dim() == 2 ? at::mm(x, y) : at::bmm(x, y); }

// An integer in pieces of 16 bits, lowest first. Products of pieces, and sums of up to 2²¹ of them, are exact in float64.
std::vector<at::Tensor> pieces_of(const at::Tensor& x, int64_t count) {
    std::vector<at::Tensor> pieces;
    for (int64_t i = 0; i < count; i++) pieces.push_back(at::bitwise_and(at::bitwise_right_shift(x, 16 * i), 0xFFFF).to(at::kDouble));
    return pieces;
}

// The product modulo 2 to the power of 16·count.
at::Tensor product_of_pieces(const at::Tensor& x, const at::Tensor& y, int64_t count) {
    const std::vector<at::Tensor> left = pieces_of(x, count), right = pieces_of(y, count);
    at::Tensor total;
    for (int64_t i = 0; i < count; i++)
        for (int64_t k = 0; i + k < count; k++) {
            const at::Tensor part = at::bitwise_left_shift(product(left[i], right[k]).to(at::kLong), 16 * (i + k));
            total = total.defined() ? total.add_(part) : part;
        }
    return total;
}

constexpr int64_t last_but_one[] = {-2};
constexpr int64_t most_pieces_added = int64_t(1) << 21;

}  // namespace

MatrixProduct::MatrixProduct(DType operand, DType result, at::Device device) : operand(operand), result(result), device(device) {
    if (!device.is_cpu()) require_float32();
}

void MatrixProduct::run(const at::Tensor& x, const at::Tensor& y, at::Tensor out) const {
    if (out.numel() == 0) return;
    if (x.size(-1) == 0) out.zero_();
    else if (is_integer(operand) && is_integer(result)) run_integers(x, y, out);
    else run_floats(x, y, out);
}

void MatrixProduct::run_floats(const at::Tensor& x, const at::Tensor& y, at::Tensor& out) const {
    // Halves are accumulated in float32: by widening them on cpu, by the hardware elsewhere.
    DType type = operand;
    if (is_integer(operand)) type = DType::Float64;
    else if (operand == DType::Complex64 && (result == DType::Complex128 || result == DType::Float64)) type = DType::Complex128;
    else if (is_floating(operand) && (result == DType::Float64 || result == DType::Complex128 || is_integer(result))) type = DType::Float64;
    else if (is_half(operand) && (device.is_cpu() || result != operand)) type = DType::Float32;
    if (type == operand && type == result) return multiply(x, y, out);
    const at::ScalarType scalar = scalar_type(type);
    const auto as_type = [&](const at::Tensor& z) {
        if (operand == type) return z;
        at::Tensor wide = at::empty_like(z, z.options().dtype(scalar));
        convert_into(wide, type, z, operand);
        return wide;
    };
    if (type == result) return multiply(as_type(x), as_type(y), out);
    convert_into(out, result, product(as_type(x), as_type(y)), type);
}

// Only the bits that stay in the result matter.
void MatrixProduct::run_integers(const at::Tensor& x, const at::Tensor& y, const at::Tensor& out) const {
    const int64_t width = 8 * size_of(result), count = x.size(-1);
    const at::Tensor a = widened_integers(x, operand), b = widened_integers(y, operand);
    if (device.is_cpu() && out.numel() * count < 4096) out.copy_(product(a, b));
    else if (count <= most_pieces_added) out.copy_(product_of_pieces(a, b, std::max<int64_t>(1, width / 16)));
    else out.copy_(at::sum(at::mul(a.unsqueeze(-1), b.unsqueeze(-3)), last_but_one));
}

void require_float32() {
    static const bool is_set = [] {
        at::globalContext().setAllowTF32CuBLAS(false);
        at::globalContext().setAllowTF32CuDNN(false);
        return true;
    }();
    static_cast<void>(is_set);
}

}  // namespace brainstate
