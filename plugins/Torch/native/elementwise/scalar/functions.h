// Elementary and special functions as ops. Those of float32 that are rarely used are computed in float64 and rounded: half a unit in the last place.
#pragma once

#include "elementwise/scalar/base.h"
#include "elementwise/scalar/float32.h"
#include "elementwise/scalar/float64.h"

namespace brainstate::BRAINSTATE_ISA {

struct Exp {
    HOST_DEVICE static f32 of(f32 x) { return exp_of(x); }
    HOST_DEVICE static f64 of(f64 x) { return LIBM(exp)(x); }
};

struct Exp2 {
    HOST_DEVICE static f32 of(f32 x) { return exp2_of(x); }
    HOST_DEVICE static f64 of(f64 x) { return LIBM(exp2)(x); }
};

struct Expm1 {
    HOST_DEVICE static f32 of(f32 x) { return expm1_of(x); }
    HOST_DEVICE static f64 of(f64 x) { return LIBM(expm1)(x); }
};

struct Log {
    HOST_DEVICE static f32 of(f32 x) { return log_of(x); }
    HOST_DEVICE static f64 of(f64 x) { return LIBM(log)(x); }
};

struct Log1p {
    HOST_DEVICE static f32 of(f32 x) { return log1p_of(x); }
    HOST_DEVICE static f64 of(f64 x) { return LIBM(log1p)(x); }
};

struct Tanh {
    HOST_DEVICE static f32 of(f32 x) { return tanh_of(x); }
    HOST_DEVICE static f64 of(f64 x) { return LIBM(tanh)(x); }
};

struct Logistic {
    template <class T>
    HOST_DEVICE static T of(T x) { return logistic_of(x); }
};

struct Erf {
    HOST_DEVICE static f32 of(f32 x) { return erf_of(x); }
    HOST_DEVICE static f64 of(f64 x) { return LIBM(erf)(x); }
};

struct ErfInv {
    template <class T>
    HOST_DEVICE static T of(T x) { return erf_inv_of(x); }
};

// `near` is vector code for numbers that fit, and `of` for all.
struct Sin {
    HOST_DEVICE static bool fits(f32 x) { return !(magnitude_of(x) > largest_reduced_angle); }
    HOST_DEVICE static f32 near(f32 x) { return x == 0.0f ? x : sine_of(x, 0); }
    HOST_DEVICE static f32 of(f32 x) { return fits(x) ? near(x) : static_cast<f32>(LIBM(sin)(static_cast<f64>(x))); }
    HOST_DEVICE static f64 of(f64 x) { return LIBM(sin)(x); }
};

struct Cos {
    HOST_DEVICE static bool fits(f32 x) { return Sin::fits(x); }
    HOST_DEVICE static f32 near(f32 x) { return sine_of(x, 1); }
    HOST_DEVICE static f32 of(f32 x) { return fits(x) ? near(x) : static_cast<f32>(LIBM(cos)(static_cast<f64>(x))); }
    HOST_DEVICE static f64 of(f64 x) { return LIBM(cos)(x); }
};

// A function of float64 that float32 lanes go through.
template <class Function>
struct Via64 {
    HOST_DEVICE static f64 of(f64 x) { return Function::of(x); }
    HOST_DEVICE static f32 of(f32 x) { return static_cast<f32>(Function::of(static_cast<f64>(x))); }
};

struct Tan64 { HOST_DEVICE static f64 of(f64 x) { return LIBM(tan)(x); } };
struct Asin64 { HOST_DEVICE static f64 of(f64 x) { return LIBM(asin)(x); } };
struct Acos64 { HOST_DEVICE static f64 of(f64 x) { return LIBM(acos)(x); } };
struct Atan64 { HOST_DEVICE static f64 of(f64 x) { return LIBM(atan)(x); } };
struct Sinh64 { HOST_DEVICE static f64 of(f64 x) { return LIBM(sinh)(x); } };
struct Cosh64 { HOST_DEVICE static f64 of(f64 x) { return LIBM(cosh)(x); } };
struct Asinh64 { HOST_DEVICE static f64 of(f64 x) { return LIBM(asinh)(x); } };
struct Acosh64 { HOST_DEVICE static f64 of(f64 x) { return LIBM(acosh)(x); } };
struct Atanh64 { HOST_DEVICE static f64 of(f64 x) { return LIBM(atanh)(x); } };
struct Cbrt64 { HOST_DEVICE static f64 of(f64 x) { return LIBM(cbrt)(x); } };
struct Erfc64 { HOST_DEVICE static f64 of(f64 x) { return LIBM(erfc)(x); } };
struct Lgamma64 { HOST_DEVICE static f64 of(f64 x) { return lgamma_of(x); } };
struct Digamma64 { HOST_DEVICE static f64 of(f64 x) { return digamma_of(x); } };

using Tan = Via64<Tan64>;
using Asin = Via64<Asin64>;
using Acos = Via64<Acos64>;
using Atan = Via64<Atan64>;
using Sinh = Via64<Sinh64>;
using Cosh = Via64<Cosh64>;
using Asinh = Via64<Asinh64>;
using Acosh = Via64<Acosh64>;
using Atanh = Via64<Atanh64>;
using Cbrt = Via64<Cbrt64>;
using Erfc = Via64<Erfc64>;
using Lgamma = Via64<Lgamma64>;
using Digamma = Via64<Digamma64>;

struct Pow {
    HOST_DEVICE static f64 of(f64 x, f64 y) { return LIBM(pow)(x, y); }
    HOST_DEVICE static f32 of(f32 x, f32 y) { return static_cast<f32>(LIBM(pow)(static_cast<f64>(x), static_cast<f64>(y))); }
};

struct Atan2 {
    HOST_DEVICE static f64 of(f64 y, f64 x) { return LIBM(atan2)(y, x); }
    HOST_DEVICE static f32 of(f32 y, f32 x) { return static_cast<f32>(LIBM(atan2)(static_cast<f64>(y), static_cast<f64>(x))); }
};

}  // namespace brainstate::BRAINSTATE_ISA
