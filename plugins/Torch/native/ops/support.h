// What several families of ops need.
#pragma once

#include <c10/util/BFloat16.h>
#include <c10/util/Half.h>
#include <c10/util/complex.h>

#include "ops/op.h"

namespace brainstate {

// Calls f with an element of the C++ type that holds elements of a dtype.
template <class F>
void with_element(DType dtype, F&& f) {
    switch (dtype) {
        case DType::Bool: return f(bool());
        case DType::Int8: return f(int8_t());
        case DType::Int16: return f(int16_t());
        case DType::Int32: return f(int32_t());
        case DType::Int64: return f(int64_t());
        case DType::UInt8: return f(uint8_t());
        case DType::UInt16: return f(uint16_t());
        case DType::UInt32: return f(uint32_t());
        case DType::UInt64: return f(uint64_t());
        case DType::Float16: return f(c10::Half());
        case DType::BFloat16: return f(c10::BFloat16());
        case DType::Float32: return f(float());
        case DType::Float64: return f(double());
        case DType::Complex64: return f(c10::complex<float>());
        case DType::Complex128: return f(c10::complex<double>());
    }
}

template <class T>
constexpr bool is_half_type = std::is_same_v<T, c10::Half> || std::is_same_v<T, c10::BFloat16>;
template <class T>
constexpr bool is_floating_type = std::is_floating_point_v<T> || is_half_type<T>;
template <class T>
constexpr bool is_complex_type = std::is_same_v<T, c10::complex<float>> || std::is_same_v<T, c10::complex<double>>;

// What elements are accumulated in.
template <class T>
using WideType = std::conditional_t<is_half_type<T>, float, T>;

template <class T>
T* elements_of(const at::Tensor& tensor) {
    return static_cast<T*>(tensor.data_ptr());
}

// For optional lists of axes, which refer to what they are made of.
inline constexpr int64_t last_axis[] = {-1};

// A row-major tensor around one of its axes.
struct Lines {
    int64_t outer = 1, size = 1, inner = 1;

    Lines(const Dims& shape, int64_t axis);
};

DType real_part_of(DType dtype);
// Half precision becomes float32.
at::ScalarType wide_scalar_type(DType dtype);
// The signed integer of the same width; that of uint8 and bool is kByte.
at::ScalarType bits_type(DType dtype);

// The neutral elements of max and min, as their tensors hold them.
at::Scalar lowest(DType dtype);
at::Scalar highest(DType dtype);

// Integers in the order of the elements, for max, min and sorting: −0 comes before 0, NaN after or before all numbers. May be a view.
at::Tensor order_keys(const at::Tensor& x, DType dtype, bool nan_is_largest);
// The elements of such integers; writes over them.
at::Tensor from_order_keys(at::Tensor keys, DType dtype);

// Integers as int64; those of uint64 that it lacks become its largest.
at::Tensor index_values(const at::Tensor& x, DType dtype);
int64_t index_value(const void* element, DType dtype);

// Integers modulo 2⁶⁴ as int64.
at::Tensor widened_integers(const at::Tensor& x, DType dtype);

// Numbers of one dtype as another, by the rules of convert_element_type.
void convert_into(const at::Tensor& out, DType to, const at::Tensor& x, DType from);

// A tensor of int64 on the device.
at::Tensor constant(const Dims& values, at::Device device);
// 0, scale, 2 scale, … along an axis of a tensor of a rank; its other axes have size 1.
at::Tensor counting(int64_t count, int64_t scale, int64_t axis, int64_t rank, at::Device device);

// The last axis moved to place 1: channels-last tensors as libtorch sees them. It recognises the strides and computes on them as they are.
inline at::Tensor channels_second(const at::Tensor& x) { return x.movedim(-1, 1); }

bool contains(const Dims& axes, int64_t axis);
// The axes of a rank that are not among some.
Dims axes_except(int64_t rank, const Dims& some);
Dims inverse_of(const Dims& permutation);
Dims joined(Dims first, const Dims& second);
Dims pick(const Dims& values, const Dims& at);

}  // namespace brainstate
