// Functions of complex numbers in double precision, with the principal values and branch cuts of C99: one element on the host, and tensors anywhere.
#pragma once

#include <cmath>
#include <complex>

#include <ATen/ATen.h>

namespace brainstate {

using Complex = std::complex<double>;

namespace complex_functions {

constexpr double log_of_2 = 0.69314718055994530942;

// log|1 + z| = ½ log(1 + x(2 + x) + y²), accurate near 0.
inline Complex log1p(Complex z) {
    const double x = z.real(), y = z.imag();
    if (std::abs(x) > 0.5 || std::abs(y) > 0.5) return std::log(1.0 + z);
    return {0.5 * std::log1p(x * (2 + x) + y * y), std::atan2(y, 1 + x)};
}

// The real part is (eˣ − 1) cos y − 2 sin²(y/2), accurate near 0.
inline Complex expm1(Complex z) {
    const double x = z.real(), y = z.imag(), half = std::sin(y / 2);
    if (y == 0) return {std::expm1(x), y};
    return {std::expm1(x) * std::cos(y) - 2 * half * half, std::exp(x) * std::sin(y)};
}

// z to the power of w in polar form; 1 for w = 0 and else 0 for z = 0.
inline Complex pow(Complex z, Complex w) {
    if (w == 0.0) return 1;
    if (z == 0.0) return 0;
    const double size = std::abs(z), angle = std::atan2(z.imag(), z.real());
    const double turned = w.real() * angle + w.imag() * std::log(size), grown = std::pow(size, w.real()) * std::exp(-w.imag() * angle);
    return {grown * std::cos(turned), grown * std::sin(turned)};
}

inline Complex sign(Complex z) { return z == 0.0 ? z : z / std::abs(z); }

inline Complex logistic(Complex z) { return z.real() < 0 ? std::exp(z) / (1.0 + std::exp(z)) : 1.0 / (1.0 + std::exp(-z)); }

inline at::Tensor log1p(const at::Tensor& z) {
    const at::Tensor x = at::real(z), y = at::imag(z);
    const at::Tensor near = at::complex(at::mul(at::log1p(at::add(at::mul(x, at::add(x, 2)), at::mul(y, y))), 0.5), at::atan2(y, at::add(x, 1)));
    const at::Tensor is_far = at::logical_or(at::gt(at::abs(x), 0.5), at::gt(at::abs(y), 0.5));
    return at::where(is_far, at::log(at::add(z, 1)), near);
}

inline at::Tensor expm1(const at::Tensor& z) {
    const at::Tensor x = at::real(z), y = at::imag(z), half = at::sin(at::mul(y, 0.5));
    const at::Tensor re = at::sub(at::mul(at::expm1(x), at::cos(y)), at::mul(at::mul(half, half), 2));
    return at::complex(re, at::where(at::eq(y, 0), y, at::mul(at::exp(x), at::sin(y))));
}

inline at::Tensor sign(const at::Tensor& z) { return at::sgn(z); }

inline at::Tensor logistic(const at::Tensor& z) {
    const at::Tensor is_left = at::lt(at::real(z), 0);
    const at::Tensor shrunk = at::exp(at::where(is_left, z, at::neg(z)));
    const at::Tensor inverse = at::reciprocal(at::add(shrunk, 1));
    return at::where(is_left, at::mul(shrunk, inverse), inverse);
}

inline at::Tensor pow(const at::Tensor& z, const at::Tensor& w) {
    const at::Tensor one = at::ones({}, w.options()), zero = at::zeros({}, w.options());
    return at::where(at::eq(w, 0), one, at::where(at::eq(z, 0), zero, at::pow(z, w)));
}

inline Complex one_like(Complex) { return 1; }
inline at::Tensor one_like(const at::Tensor& z) { return at::ones_like(z); }

template <class Z>
Z integer_pow(const Z& z, int64_t exponent) {
    Z power = one_like(z), factor = z;
    for (uint64_t rest = exponent < 0 ? -static_cast<uint64_t>(exponent) : static_cast<uint64_t>(exponent); rest > 0; rest >>= 1, factor = factor * factor)
        if (rest & 1) power = power * factor;
    return exponent < 0 ? 1.0 / power : power;
}

}  // namespace complex_functions

}  // namespace brainstate
