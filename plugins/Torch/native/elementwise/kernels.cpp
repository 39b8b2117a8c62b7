// Compiled once for each processor, with BRAINSTATE_ISA as the namespace of all that is in it.
#include "elementwise/kernels.h"

#include "elementwise/scalar.h"

namespace brainstate::BRAINSTATE_ISA {
namespace {

// Registers are either the same or apart, so that elements do not depend on each other.
template <class Body>
HOST_DEVICE void each(int64_t count, Body body) {
#pragma GCC ivdep
    for (int64_t i = 0; i < count; i++) body(i);
}

template <class T>
HOST_DEVICE const T* operand(const Instruction& instruction, std::byte* const* registers, int i) {
    return reinterpret_cast<const T*>(registers[instruction.operands[i]]);
}

template <class T>
HOST_DEVICE T* result(const Instruction& instruction, std::byte* const* registers) {
    return reinterpret_cast<T*>(registers[instruction.result]);
}

template <class Op, class T>
void unary(const Instruction& instruction, std::byte* const* registers, int64_t, int64_t count) {
    const auto* x = operand<T>(instruction, registers, 0);
    auto* r = result<decltype(Op::of(T()))>(instruction, registers);
    if constexpr (std::is_same_v<T, f32> && requires(T value) { Op::near(value); }) {
        u32 outside = 0;
        for (int64_t i = 0; i < count; i++) outside |= static_cast<u32>(!Op::fits(x[i]));
        if (outside == 0) return each(count, [=](int64_t i) { r[i] = Op::near(x[i]); });
    }
    each(count, [=](int64_t i) { r[i] = Op::of(x[i]); });
}

template <class Op, class T>
void unary_with_parameter(const Instruction& instruction, std::byte* const* registers, int64_t, int64_t count) {
    const auto* x = operand<T>(instruction, registers, 0);
    auto* r = result<T>(instruction, registers);
    const u64 parameter = instruction.parameter;
    each(count, [=](int64_t i) { r[i] = Op::of(x[i], parameter); });
}

template <class Op, class T>
void binary(const Instruction& instruction, std::byte* const* registers, int64_t, int64_t count) {
    const auto* x = operand<T>(instruction, registers, 0);
    const auto* y = operand<T>(instruction, registers, 1);
    auto* r = result<decltype(Op::of(T(), T()))>(instruction, registers);
    if (instruction.uniform == 0) return each(count, [=](int64_t i) { r[i] = Op::of(x[i], y[i]); });
    if (instruction.uniform == 1) return each(count, [=, x = *x](int64_t i) { r[i] = Op::of(x, y[i]); });
    each(count, [=, y = *y](int64_t i) { r[i] = Op::of(x[i], y); });
}

template <class T>
void select(const Instruction& instruction, std::byte* const* registers, int64_t, int64_t count) {
    const auto* which = operand<u8>(instruction, registers, 0);
    const auto* yes = operand<T>(instruction, registers, 1);
    const auto* no = operand<T>(instruction, registers, 2);
    auto* r = result<T>(instruction, registers);
    const auto choose = [=](auto w, auto y, auto n) { each(count, [=](int64_t i) { r[i] = w(i) ? y(i) : n(i); }); };
    const auto all = [](const auto* x) { return [=](int64_t i) { return x[i]; }; };
    const auto one = [](const auto* x) { return [x = *x](int64_t) { return x; }; };
    switch (instruction.uniform) {
        case 0: return choose(all(which), all(yes), all(no));
        case 1: return choose(one(which), all(yes), all(no));
        case 2: return choose(all(which), one(yes), all(no));
        case 3: return choose(one(which), one(yes), all(no));
        case 4: return choose(all(which), all(yes), one(no));
        case 5: return choose(one(which), all(yes), one(no));
        default: return choose(all(which), one(yes), one(no));
    }
}

// What does not look at the sign needs only the unsigned lanes.
template <class Op>
TileKernel unary_of_bits(Lane lane) {
    switch (bits_of(lane)) {
        case Lane::U8: return unary<Op, u8>;
        case Lane::U16: return unary<Op, u16>;
        case Lane::U32: return unary<Op, u32>;
        default: return unary<Op, u64>;
    }
}

template <class Op>
TileKernel binary_of_bits(Lane lane) {
    switch (bits_of(lane)) {
        case Lane::U8: return binary<Op, u8>;
        case Lane::U16: return binary<Op, u16>;
        case Lane::U32: return binary<Op, u32>;
        default: return binary<Op, u64>;
    }
}

template <class Op>
TileKernel unary_of_floats(Lane lane) { return lane == Lane::F32 ? unary<Op, f32> : unary<Op, f64>; }

template <class Op>
TileKernel binary_of_floats(Lane lane) { return lane == Lane::F32 ? binary<Op, f32> : binary<Op, f64>; }

template <class Op>
TileKernel unary_modular(Lane lane) { return is_floating(lane) ? unary_of_floats<Op>(lane) : unary_of_bits<Op>(lane); }

template <class Op>
TileKernel binary_modular(Lane lane) { return is_floating(lane) ? binary_of_floats<Op>(lane) : binary_of_bits<Op>(lane); }

template <class Op>
TileKernel unary_of_signed(Lane lane) {
    switch (lane) {
        case Lane::I8: return unary<Op, i8>;
        case Lane::I16: return unary<Op, i16>;
        case Lane::I32: return unary<Op, i32>;
        case Lane::I64: return unary<Op, i64>;
        default: return unary_of_floats<Op>(lane);
    }
}

template <class Op>
TileKernel unary_of_all(Lane lane) { return lane <= Lane::U64 ? unary_of_bits<Op>(lane) : unary_of_signed<Op>(lane); }

template <class Op>
TileKernel binary_of_all(Lane lane) {
    switch (lane) {
        case Lane::I8: return binary<Op, i8>;
        case Lane::I16: return binary<Op, i16>;
        case Lane::I32: return binary<Op, i32>;
        case Lane::I64: return binary<Op, i64>;
        default: return binary_modular<Op>(lane);
    }
}

TileKernel select_of(Lane lane) {
    switch (size_of(lane)) {
        case 1: return select<u8>;
        case 2: return select<u16>;
        case 4: return select<u32>;
        default: return select<u64>;
    }
}

// From integers to integers the signs of the result do not matter, nor that of the operand where bits are cut off.
TileKernel convert_of(Lane from, Lane to) {
    switch (to) {
        case Lane::F32: return from == Lane::F64 ? unary<Convert<f32>, f64> : unary_of_all<Convert<f32>>(from);
        case Lane::F64: return from == Lane::F32 ? unary<Convert<f64>, f32> : unary_of_all<Convert<f64>>(from);
        default: break;
    }
    if (is_floating(from)) {
        switch (to) {
            case Lane::U8: return unary_of_floats<Convert<u8>>(from);
            case Lane::U16: return unary_of_floats<Convert<u16>>(from);
            case Lane::U32: return unary_of_floats<Convert<u32>>(from);
            case Lane::U64: return unary_of_floats<Convert<u64>>(from);
            case Lane::I8: return unary_of_floats<Convert<i8>>(from);
            case Lane::I16: return unary_of_floats<Convert<i16>>(from);
            case Lane::I32: return unary_of_floats<Convert<i32>>(from);
            default: return unary_of_floats<Convert<i64>>(from);
        }
    }
    if (size_of(from) > size_of(to)) from = bits_of(from);
    switch (size_of(to)) {
        case 1: return unary_of_bits<Convert<u8>>(from);
        case 2: return from == Lane::I8 ? unary<Convert<u16>, i8> : unary_of_bits<Convert<u16>>(from);
        case 4: return from == Lane::I8 ? unary<Convert<u32>, i8> : from == Lane::I16 ? unary<Convert<u32>, i16> : unary_of_bits<Convert<u32>>(from);
        default: return from == Lane::I8 ? unary<Convert<u64>, i8> : from == Lane::I16 ? unary<Convert<u64>, i16> : from == Lane::I32 ? unary<Convert<u64>, i32> : unary_of_bits<Convert<u64>>(from);
    }
}

TileKernel find(Primitive primitive, Lane lane, Lane to) {
    using P = Primitive;
    switch (primitive) {
        case P::Add: return binary_modular<Add>(lane);
        case P::Subtract: return binary_modular<Subtract>(lane);
        case P::Multiply: return binary_modular<Multiply>(lane);
        case P::Divide: return binary_of_all<Divide>(lane);
        case P::Remainder: return binary_of_all<Remainder>(lane);
        case P::Max: return binary_of_all<Max>(lane);
        case P::Min: return binary_of_all<Min>(lane);
        case P::Pow: return binary_of_floats<Pow>(lane);
        case P::Atan2: return binary_of_floats<Atan2>(lane);
        case P::And: return binary_of_bits<And>(lane);
        case P::Or: return binary_of_bits<Or>(lane);
        case P::Xor: return binary_of_bits<Xor>(lane);
        case P::ShiftLeft: return binary_of_bits<ShiftLeft>(lane);
        case P::ShiftRightLogical: return binary_of_bits<ShiftRightLogical>(lane);
        case P::ShiftRightArithmetic: return binary_of_bits<ShiftRightArithmetic>(lane);
        case P::Equal: return binary_modular<Equal>(lane);
        case P::NotEqual: return binary_modular<NotEqual>(lane);
        case P::Less: return binary_of_all<Less>(lane);
        case P::LessOrEqual: return binary_of_all<LessOrEqual>(lane);
        case P::NextAfterFloat16: return binary<NextAfterFloat16, f32>;
        case P::NextAfterBFloat16: return binary<NextAfterBFloat16, f32>;
        case P::NextAfterFloat32: return binary<NextAfterFloat32, f32>;
        case P::NextAfterFloat64: return binary<NextAfterFloat64, f64>;

        case P::Negate: return unary_modular<Negate>(lane);
        case P::Abs: return unary_of_signed<Abs>(lane);
        case P::Sign: return unary_of_all<Sign>(lane);
        case P::Complement: return unary_of_bits<Complement>(lane);
        case P::PopulationCount: return unary_of_bits<PopulationCount>(lane);
        case P::LeadingZeros: return unary_of_bits<LeadingZeros>(lane);
        case P::IsFinite: return unary_of_floats<IsFinite>(lane);
        case P::Floor: return unary_of_floats<Floor>(lane);
        case P::Ceil: return unary_of_floats<Ceil>(lane);
        case P::RoundToEven: return unary_of_floats<RoundToEven>(lane);
        case P::RoundAwayFromZero: return unary_of_floats<RoundAwayFromZero>(lane);
        case P::Sqrt: return unary_of_floats<Sqrt>(lane);
        case P::ReciprocalSqrt: return unary_of_floats<ReciprocalSqrt>(lane);
        case P::Exp: return unary_of_floats<Exp>(lane);
        case P::Exp2: return unary_of_floats<Exp2>(lane);
        case P::Expm1: return unary_of_floats<Expm1>(lane);
        case P::Log: return unary_of_floats<Log>(lane);
        case P::Log1p: return unary_of_floats<Log1p>(lane);
        case P::Tanh: return unary_of_floats<Tanh>(lane);
        case P::Logistic: return unary_of_floats<Logistic>(lane);
        case P::Sin: return unary_of_floats<Sin>(lane);
        case P::Cos: return unary_of_floats<Cos>(lane);
        case P::Erf: return unary_of_floats<Erf>(lane);
        case P::ErfInv: return unary_of_floats<ErfInv>(lane);
        case P::Tan: return unary_of_floats<Tan>(lane);
        case P::Asin: return unary_of_floats<Asin>(lane);
        case P::Acos: return unary_of_floats<Acos>(lane);
        case P::Atan: return unary_of_floats<Atan>(lane);
        case P::Sinh: return unary_of_floats<Sinh>(lane);
        case P::Cosh: return unary_of_floats<Cosh>(lane);
        case P::Asinh: return unary_of_floats<Asinh>(lane);
        case P::Acosh: return unary_of_floats<Acosh>(lane);
        case P::Atanh: return unary_of_floats<Atanh>(lane);
        case P::Cbrt: return unary_of_floats<Cbrt>(lane);
        case P::Erfc: return unary_of_floats<Erfc>(lane);
        case P::Lgamma: return unary_of_floats<Lgamma>(lane);
        case P::Digamma: return unary_of_floats<Digamma>(lane);

        case P::ReducePrecisionFloat16: return unary_with_parameter<ReducePrecisionFloat16, f32>;
        case P::ReducePrecisionBFloat16: return unary_with_parameter<ReducePrecisionBFloat16, f32>;
        case P::ReducePrecisionFloat32: return unary_with_parameter<ReducePrecisionFloat32, f32>;
        case P::ReducePrecisionFloat64: return unary_with_parameter<ReducePrecisionFloat64, f64>;

        case P::NotZero: return unary_modular<NotZero>(lane);
        case P::RoundToOdd: return lane == Lane::I64 ? unary<RoundToOdd, i64> : unary<RoundToOdd, u64>;
        case P::RoundToFloat16: return unary<RoundToFloat16, f32>;
        case P::RoundToBFloat16: return unary<RoundToBFloat16, f32>;
        case P::NarrowToFloat16: return unary<NarrowToFloat16, f64>;
        case P::NarrowToBFloat16: return unary<NarrowToBFloat16, f64>;
        case P::ReadFloat16: return unary<ReadFloat16, u16>;
        case P::WriteFloat16: return unary<WriteFloat16, f32>;
        case P::ReadBFloat16: return unary<ReadBFloat16, u16>;
        case P::WriteBFloat16: return unary<WriteBFloat16, f32>;
        case P::Select: return select_of(lane);
        case P::Convert: return convert_of(lane, to);

        case P::Input: case P::Literal: case P::Iota: case P::Bits: break;
    }
    return nullptr;
}

template <class T>
void fill_lane(u32 key0, u32 key1, int64_t position, int64_t count, void* target) {
    auto* r = static_cast<T*>(target);
    each(count, [=](int64_t i) { r[i] = random_bits<T>(key0, key1, static_cast<u64>(position + i)); });
}

void fill_random(uint32_t key0, uint32_t key1, int64_t position, int64_t count, int size, void* target) {
    switch (size) {
        case 1: return fill_lane<u8>(key0, key1, position, count, target);
        case 2: return fill_lane<u16>(key0, key1, position, count, target);
        case 4: return fill_lane<u32>(key0, key1, position, count, target);
        default: return fill_lane<u64>(key0, key1, position, count, target);
    }
}

}  // namespace

#define TEXT_OF(name) #name
#define NAME_OF(macro) TEXT_OF(macro)
extern const KernelSet kernel_set;
const KernelSet kernel_set{NAME_OF(BRAINSTATE_ISA), find, fill_random};

}  // namespace brainstate::BRAINSTATE_ISA
