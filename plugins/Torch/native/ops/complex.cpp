// Elementwise ops on complex operands. What rounds more than once is computed in double precision.
#include <ATen/Parallel.h>

#include "ops/complex_functions.h"
#include "ops/support.h"

namespace brainstate {

namespace {

namespace functions = complex_functions;

// Exact ops, or nearly so, that ATen has.
template <auto run>
Kernel make_direct(const OpSite&) {
    return [](const at::Tensor* in, at::Tensor* out) { run(in, *out); };
}

// ATen multiplies the second summand by a complex 1 first, which makes NaN of infinity.
void add_parts(const at::Tensor& out, const at::Tensor& x, const at::Tensor& y, int factor) {
    at::Tensor parts = at::view_as_real(out);
    at::add_out(parts, at::view_as_real(x), at::view_as_real(y), factor);
}

// The elements of an operand as the host reads them: dense, or one for all.
template <class T>
struct Elements {
    at::Tensor dense;
    const T* first;
    int64_t step;

    explicit Elements(const at::Tensor& x) : dense(x.contiguous()), first(elements_of<T>(dense)), step(x.dim() == 0 ? 0 : 1) {}
    T operator[](int64_t i) const { return first[i * step]; }
};

template <int arity, class T, class F>
void map_on_cpu(const at::Tensor* in, const at::Tensor& out, const F& f) {
    const Elements<std::complex<T>> x(in[0]), y(in[arity - 1]);
    const auto compute = [&](int64_t i) {
        if constexpr (arity == 1) return f(Complex(x[i]));
        else return f(Complex(x[i]), Complex(y[i]));
    };
    using Result = std::conditional_t<std::is_same_v<decltype(compute(0)), double>, T, std::complex<T>>;
    auto* to = elements_of<Result>(out);
    at::parallel_for(0, out.numel(), 512, [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; i++) to[i] = static_cast<Result>(compute(i));
    });
}

// A function that can be called with elements on the host and with tensors: its names are found where its operands come from.
template <int arity, class F>
Kernel function_kernel(const OpSite& site, F f) {
    if (site.is_cpu() && site.inputs[0].dtype == DType::Complex64) return [f](const at::Tensor* in, at::Tensor* out) { map_on_cpu<arity, float>(in, *out, f); };
    if (site.is_cpu()) return [f](const at::Tensor* in, at::Tensor* out) { map_on_cpu<arity, double>(in, *out, f); };
    return [f](const at::Tensor* in, at::Tensor* out) {
        if constexpr (arity == 1) out->copy_(f(in[0].to(at::kComplexDouble)));
        else out->copy_(f(in[0].to(at::kComplexDouble), in[1].to(at::kComplexDouble)));
    };
}

template <auto f>
Kernel make_unary(const OpSite& site) {
    return function_kernel<1>(site, f);
}

template <auto f>
Kernel make_binary(const OpSite& site) {
    return function_kernel<2>(site, f);
}

Kernel make_integer_pow(const OpSite& site) {
    return function_kernel<1>(site, [y = site.parameters["y"].integer()](const auto& z) { return functions::integer_pow(z, y); });
}

Kernel make_convert(const OpSite& site) {
    return [from = site.inputs[0].dtype, to = site.outputs[0].dtype](const at::Tensor* in, at::Tensor* out) { convert_into(*out, to, in[0], from); };
}

// An index outside the cases selects the nearest.
Kernel make_select(const OpSite& site) {
    return [cases = site.inputs.size() - 1](const at::Tensor* in, at::Tensor* out) {
        at::Tensor chosen = in[1];
        for (size_t i = 1; i < cases; i++) chosen = at::where(at::ge(in[0], static_cast<int64_t>(i)), in[1 + i], chosen);
        out->copy_(chosen);
    };
}

}  // namespace

const OpTable& complex_ops() {
    static const OpTable table = {
        {"add", make_direct<[](const at::Tensor* in, at::Tensor& out) { add_parts(out, in[0], in[1], 1); }>},
        {"sub", make_direct<[](const at::Tensor* in, at::Tensor& out) { add_parts(out, in[0], in[1], -1); }>},
        {"mul", make_direct<[](const at::Tensor* in, at::Tensor& out) { at::mul_out(out, in[0], in[1]); }>},
        {"neg", make_direct<[](const at::Tensor* in, at::Tensor& out) { at::neg_out(out, in[0]); }>},
        {"conj", make_direct<[](const at::Tensor* in, at::Tensor& out) { at::conj_physical_out(out, in[0]); }>},
        {"eq", make_direct<[](const at::Tensor* in, at::Tensor& out) { at::eq_out(out, in[0], in[1]); }>},
        {"ne", make_direct<[](const at::Tensor* in, at::Tensor& out) { at::ne_out(out, in[0], in[1]); }>},
        {"complex", make_direct<[](const at::Tensor* in, at::Tensor& out) { at::complex_out(out, in[0], in[1]); }>},
        {"real", make_direct<[](const at::Tensor* in, at::Tensor& out) { out.copy_(at::real(in[0])); }>},
        {"imag", make_direct<[](const at::Tensor* in, at::Tensor& out) { out.copy_(at::imag(in[0])); }>},
        {"convert_element_type", make_convert},
        {"select_n", make_select},
        {"integer_pow", make_integer_pow},
        {"div", make_binary<[](const auto& x, const auto& y) { return x / y; }>},
        {"pow", make_binary<[](const auto& x, const auto& y) { return functions::pow(x, y); }>},
        {"abs", make_unary<[](const auto& z) { return abs(z); }>},
        {"square", make_unary<[](const auto& z) { return z * z; }>},
        {"sign", make_unary<[](const auto& z) { return functions::sign(z); }>},
        {"exp", make_unary<[](const auto& z) { return exp(z); }>},
        {"exp2", make_unary<[](const auto& z) { return exp(z * functions::log_of_2); }>},
        {"expm1", make_unary<[](const auto& z) { return functions::expm1(z); }>},
        {"log", make_unary<[](const auto& z) { return log(z); }>},
        {"log1p", make_unary<[](const auto& z) { return functions::log1p(z); }>},
        {"logistic", make_unary<[](const auto& z) { return functions::logistic(z); }>},
        {"sqrt", make_unary<[](const auto& z) { return sqrt(z); }>},
        {"rsqrt", make_unary<[](const auto& z) { return 1.0 / sqrt(z); }>},
        {"sin", make_unary<[](const auto& z) { return sin(z); }>},
        {"cos", make_unary<[](const auto& z) { return cos(z); }>},
        {"tan", make_unary<[](const auto& z) { return tan(z); }>},
        {"asin", make_unary<[](const auto& z) { return asin(z); }>},
        {"acos", make_unary<[](const auto& z) { return acos(z); }>},
        {"atan", make_unary<[](const auto& z) { return atan(z); }>},
        {"sinh", make_unary<[](const auto& z) { return sinh(z); }>},
        {"cosh", make_unary<[](const auto& z) { return cosh(z); }>},
        {"tanh", make_unary<[](const auto& z) { return tanh(z); }>},
        {"asinh", make_unary<[](const auto& z) { return asinh(z); }>},
        {"acosh", make_unary<[](const auto& z) { return acosh(z); }>},
        {"atanh", make_unary<[](const auto& z) { return atanh(z); }>},
    };
    return table;
}

}  // namespace brainstate
