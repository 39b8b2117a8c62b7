// The instructions that chains are made of: what scalar.h defines, on lanes.
#pragma once

#include "program/program.h"

namespace brainstate {

// What registers hold. bool has bytes 0 and 1, float16 and bfloat16 have float32 in registers and uint16 in memory.
enum class Lane : uint8_t { U8, U16, U32, U64, I8, I16, I32, I64, F32, F64 };

constexpr int size_of(Lane lane) {
    constexpr int sizes[] = {1, 2, 4, 8, 1, 2, 4, 8, 4, 8};
    return sizes[static_cast<int>(lane)];
}

constexpr bool is_floating(Lane lane) { return lane >= Lane::F32; }

// The unsigned lane as wide.
constexpr Lane bits_of(Lane lane) { return lane == Lane::F32 ? Lane::U32 : lane == Lane::F64 ? Lane::U64 : static_cast<Lane>(static_cast<int>(lane) % 4); }

// The name of the type in scalar.h.
const char* name_of(Lane lane);

constexpr Lane lane_of(DType dtype) {
    constexpr Lane lanes[] = {Lane::U8, Lane::I8, Lane::I16, Lane::I32, Lane::I64, Lane::U8, Lane::U16, Lane::U32, Lane::U64, Lane::F32, Lane::F32, Lane::F32, Lane::F64};
    return lanes[static_cast<int>(dtype)];
}

constexpr Lane memory_lane_of(DType dtype) { return is_half(dtype) ? Lane::U16 : lane_of(dtype); }

// Named as the types of scalar.h, but for the first three.
enum class Primitive : uint8_t {
    Input, Literal, Iota,
    Add, Subtract, Multiply, Divide, Remainder, Max, Min, Pow, Atan2, And, Or, Xor, ShiftLeft, ShiftRightLogical, ShiftRightArithmetic,
    Equal, NotEqual, Less, LessOrEqual, NextAfterFloat16, NextAfterBFloat16, NextAfterFloat32, NextAfterFloat64,
    Negate, Abs, Sign, Complement, PopulationCount, LeadingZeros, IsFinite, Floor, Ceil, RoundToEven, RoundAwayFromZero, Sqrt, ReciprocalSqrt,
    Exp, Exp2, Expm1, Log, Log1p, Tanh, Logistic, Sin, Cos, Erf, ErfInv,
    Tan, Asin, Acos, Atan, Sinh, Cosh, Asinh, Acosh, Atanh, Cbrt, Erfc, Lgamma, Digamma,
    ReducePrecisionFloat16, ReducePrecisionBFloat16, ReducePrecisionFloat32, ReducePrecisionFloat64,
    NotZero, RoundToOdd, RoundToFloat16, RoundToBFloat16, NarrowToFloat16, NarrowToBFloat16, ReadFloat16, WriteFloat16, ReadBFloat16, WriteBFloat16,
    Select, Convert, Bits,
};

const char* name_of(Primitive primitive);

constexpr bool reduces_precision(Primitive p) { return p >= Primitive::ReducePrecisionFloat16 && p <= Primitive::ReducePrecisionFloat64; }

// What a primitive costs for an element, in units of an addition of float32.
int cost_of(Primitive primitive, Lane operand);

}  // namespace brainstate
