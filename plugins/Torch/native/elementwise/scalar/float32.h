// Elementary functions in float32 without branches, so that a loop over them becomes vector code. The steps of log, log1p and erf_inv are exactly those of XLA's CPU backend, because random
// normals are the same bits only then.
#pragma once

#include "elementwise/scalar/base.h"

namespace brainstate::BRAINSTATE_ISA {

// NaN stays.
HOST_DEVICE f32 bounded(f32 x, f32 low, f32 high) {
    const f32 raised = x < low ? low : x;
    return raised > high ? high : raised;
}

// The nearest integer, ties to even, and its bits: in [2²³, 2²⁴), where the unit is 1, the low bits of a float count.
struct Whole {
    f32 value;
    u32 count;
};

HOST_DEVICE Whole nearest_whole(f32 x) {
    constexpr f32 shift = 12582912.0f;
    const f32 shifted = x + shift;
    return {shifted - shift, bits_of(shifted) - bits_of(shift)};
}

// x·2ⁿ in two steps, each by a power of two that float32 represents; only the second may round.
HOST_DEVICE f32 scaled(f32 x, u32 n) {
    const u32 first = static_cast<u32>(static_cast<i32>(n) >> 1);
    return x * float_of((first + 127) << 23) * float_of((n - first + 127) << 23);
}

// The exponential family: with n = round(x/ln 2) and r = x − n·ln 2, |r| ≤ ln 2 / 2, eˣ = 2ⁿ·eʳ and eʳ = 1 + r + r²·P(r), where P is a minimax polynomial (error 1.4e−9).
HOST_DEVICE f32 exponential_rest(f32 r) {
    const f32 p = polynomial(r, 0.000198909882f, 0.00139336474f, 0.00833331048f, 0.0416666667f, 0.166666672f, 0.5f);
    return fused(r * r, p, r);
}

// x − n·ln 2 in two steps; the first is exact because n has few bits and so has the first part of ln 2.
HOST_DEVICE f32 without_logarithms_of_2(f32 x, f32 n) { return fused(n, -1.42860677e-06f, fused(n, -0.693145752f, x)); }

HOST_DEVICE f32 exp_of(f32 x) {
    x = bounded(x, -150.0f, 89.0f);  // Beyond, the result is 0 or ∞ anyway. It is far below what rounds to 0, as products that are close to that take thirty times as long.
    const Whole n = nearest_whole(x * 1.44269502f);
    return scaled(exponential_rest(without_logarithms_of_2(x, n.value)) + 1.0f, n.count);
}

HOST_DEVICE f32 exp2_of(f32 x) {
    x = bounded(x, -250.0f, 129.0f);
    const Whole n = nearest_whole(x);
    return scaled(exponential_rest((x - n.value) * 0.693147182f) + 1.0f, n.count);
}

// 2ⁿ·(eʳ − 1) + (2ⁿ − 1), where the first summand is accurate near 0 and the second is exact or dominates; in halves, because 2¹²⁸ is not a float32 although results up to it are.
HOST_DEVICE f32 expm1_of(f32 x) {
    const f32 inside = bounded(x, -150.0f, 89.0f);
    const Whole n = nearest_whole(inside * 1.44269502f);
    const f32 half = scaled(0.5f, n.count);
    const f32 sum = fused(half, exponential_rest(without_logarithms_of_2(inside, n.value)), half - 0.5f);
    return x == 0.0f ? x : sum + sum;
}

// From e^−|x|, so that nothing overflows.
HOST_DEVICE f32 logistic_of(f32 x) {
    const f32 e = exp_of(-magnitude_of(x));
    return (x < 0.0f ? e : 1.0f) / (1.0f + e);
}

// x + x³·P(x²) below 0.625 (error 4e−8), 1 − 2/(e^2|x| + 1) with the sign of x above.
HOST_DEVICE f32 tanh_of(f32 x) {
    const f32 z = x * x;
    const f32 p = polynomial(z, -0.00609671418f, 0.0209971797f, -0.0538509078f, 0.133327693f, -0.333333284f);
    const f32 small = fused(p * z, x, x);
    const f32 magnitude = magnitude_of(x);
    const f32 large = 1.0f - 2.0f / (exp_of(magnitude + magnitude) + 1.0f);
    return magnitude < 0.625f ? small : with_sign_of(large, x);
}

// With x = 2ᵉ·(1 + m), √½ ≤ 1 + m < √2: a polynomial in m (S. Moshier's Cephes) plus e·ln 2 in two parts.
HOST_DEVICE f32 log_of(f32 x) {
    const bool is_denormal = x < 1.17549435e-38f;
    const u32 bits = bits_of(is_denormal ? x * 8388608.0f : x);
    f32 e = static_cast<f32>(static_cast<i32>((bits >> 23) - 126)) - (is_denormal ? 23.0f : 0.0f);
    f32 m = float_of((bits & 0x007FFFFFu) | 0x3F000000u);
    const bool is_low = m < 0.707106769f;
    e -= is_low ? 1.0f : 0.0f;
    m = m - 1.0f + (is_low ? m : 0.0f);

    const f32 m2 = m * m;
    const f32 m3 = m2 * m;
    const f32 p0 = polynomial(m, 7.0376836292e-2f, -1.1514610310e-1f, 1.1676998740e-1f);
    const f32 p1 = polynomial(m, -1.2420140846e-1f, 1.4249322787e-1f, -1.6668057665e-1f);
    const f32 p2 = polynomial(m, 2.0000714765e-1f, -2.4999993993e-1f, 3.3333331174e-1f);
    f32 y = polynomial(m3, p0, p1, p2) * m3;
    y += -2.12194440e-4f * e;
    m -= 0.5f * m2;
    m += y;
    f32 result = m + 0.693359375f * e;

    result = x == infinity(x) ? x : result;
    result = x == 0.0f ? -infinity(x) : result;
    return x >= 0.0f ? result : not_a_number(x);
}

// A rational function for |x| < √2 − 1, the logarithm of the sum otherwise.
HOST_DEVICE f32 log1p_of(f32 x) {
    const f32 x2 = x * x;
    const f32 numerator = polynomial(
        x, 4.5270000862445199e-5f, 0.49854102823193375f, 6.5787325942061045f, 29.911919328553073f, 60.949667980987788f, 57.112963585905385f, 20.039553499201281f);
    const f32 denominator = polynomial(
        x, x + 15.062909083469192f, 83.04756596796721f, 221.76239823732856f, 309.09872225312060f, 216.42788614495948f, 60.118660497603844f);
    const f32 small = x + fused(-0.5f, x2, x * x2 * (numerator / denominator));
    const f32 large = log_of(x + 1.0f);
    return magnitude_of(x) < 0.41421356237309504880f ? (x == 0.0f ? x : small) : large;
}

// x = n·π/2 + r with |r| ≤ π/4, reduced in three fused steps (W. Cody and W. Waite), which is exact enough while n has at most 16 bits; then sin r = r + r³·S(r²) and
// cos r = 1 − r²/2 + r⁴·C(r²) with minimax polynomials.
constexpr f32 largest_reduced_angle = 65536.0f;

// sin(x + quarter·π/2).
HOST_DEVICE f32 sine_of(f32 x, u32 quarter) {
    const Whole n = nearest_whole(x * 0.636619747f);
    f32 r = fused(n.value, -1.57079637f, x);
    r = fused(n.value, 4.37113883e-08f, r);
    r = fused(n.value, 1.71512451e-15f, r);

    const f32 z = r * r;
    const f32 s = polynomial(z, 2.72449711e-06f, -0.000198400478f, 0.00833333191f, -0.166666672f);
    const f32 sine = fused(s * z, r, r);
    const f32 c = polynomial(z, 2.45438514e-05f, -0.00138882839f, 0.0416666642f, -0.5f);
    const f32 cosine = fused(z, c, 1.0f);

    // The quadrant's low bit chooses the function, the next one the sign.
    const u32 quadrant = n.count + quarter;
    return float_of(bits_of((quadrant & 1) != 0 ? cosine : sine) ^ ((quadrant & 2) << 30));
}

// x + x·P(x²) below 0.95, and 1 − exp(t·R(t)) with t = |x| above, where R fits ln(erfc t)/t on [0.93, 4]; beyond 4 it is ±1. Both polynomials are minimax fits.
HOST_DEVICE f32 erf_of(f32 x) {
    const f32 p = polynomial(x * x, 8.20416972e-05f, -0.00081029156f, 0.00519748731f, -0.0268579591f, 0.112836696f, -0.376126319f, 0.128379166f);
    const f32 small = fused(p, x, x);
    const f32 magnitude = magnitude_of(x);
    const f32 t = magnitude > 4.0f ? 4.0f : magnitude;
    const f32 r = polynomial(
        t, 2.69417086e-07f, -4.3335308e-06f, 1.13270798e-05f, 0.000283441419f, -0.00369015546f, 0.0240600221f, -0.106713489f, -0.634811163f, -1.12874138f);
    const f32 large = 1.0f - exp_of(r * t);
    return t < 0.95f ? small : with_sign_of(large, x);
}

// M. Giles, Approximating the erfinv function (2010): with w = −log1p(−x²), x times a polynomial in w − 2.5 or, where w ≥ 5, in √w − 3.
HOST_DEVICE f32 erf_inv_of(f32 x) {
    const f32 w = -log1p_of(x * -x);
    const bool is_central = w < 5.0f;
    const f32 v = is_central ? w - 2.5f : root_of(w) - 3.0f;
    const f32 p = polynomial(
        v, is_central ? 2.81022636e-08f : -0.000200214257f, is_central ? 3.43273939e-07f : 0.000100950558f, is_central ? -3.5233877e-06f : 0.00134934322f,
        is_central ? -4.39150654e-06f : -0.00367342844f, is_central ? 0.00021858087f : 0.00573950773f, is_central ? -0.00125372503f : -0.0076224613f,
        is_central ? -0.00417768164f : 0.00943887047f, is_central ? 0.246640727f : 1.00167406f, is_central ? 1.50140941f : 2.83297682f);
    return magnitude_of(x) == 1.0f ? x * infinity(x) : p * x;
}

}  // namespace brainstate::BRAINSTATE_ISA
