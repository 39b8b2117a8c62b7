#include "elementwise/primitive.h"

#include <iterator>

namespace brainstate {

const char* name_of(Lane lane) {
    constexpr const char* names[] = {"u8", "u16", "u32", "u64", "i8", "i16", "i32", "i64", "f32", "f64"};
    return names[static_cast<int>(lane)];
}

const char* name_of(Primitive primitive) {
    constexpr const char* names[] = {
        "Input", "Literal", "Iota",
        "Add", "Subtract", "Multiply", "Divide", "Remainder", "Max", "Min", "Pow", "Atan2", "And", "Or", "Xor", "ShiftLeft", "ShiftRightLogical", "ShiftRightArithmetic",
        "Equal", "NotEqual", "Less", "LessOrEqual", "NextAfterFloat16", "NextAfterBFloat16", "NextAfterFloat32", "NextAfterFloat64",
        "Negate", "Abs", "Sign", "Complement", "PopulationCount", "LeadingZeros", "IsFinite", "Floor", "Ceil", "RoundToEven", "RoundAwayFromZero", "Sqrt", "ReciprocalSqrt",
        "Exp", "Exp2", "Expm1", "Log", "Log1p", "Tanh", "Logistic", "Sin", "Cos", "Erf", "ErfInv",
        "Tan", "Asin", "Acos", "Atan", "Sinh", "Cosh", "Asinh", "Acosh", "Atanh", "Cbrt", "Erfc", "Lgamma", "Digamma",
        "ReducePrecisionFloat16", "ReducePrecisionBFloat16", "ReducePrecisionFloat32", "ReducePrecisionFloat64",
        "NotZero", "RoundToOdd", "RoundToFloat16", "RoundToBFloat16", "NarrowToFloat16", "NarrowToBFloat16", "ReadFloat16", "WriteFloat16", "ReadBFloat16", "WriteBFloat16",
        "Select", "Convert", "Bits",
    };
    static_assert(std::size(names) == static_cast<size_t>(Primitive::Bits) + 1);
    return names[static_cast<int>(primitive)];
}

int cost_of(Primitive primitive, Lane operand) {
    switch (primitive) {
        case Primitive::Pow: case Primitive::Atan2: case Primitive::Remainder: return 60;
        case Primitive::Divide: return is_floating(operand) ? 3 : 12;
        case Primitive::Sqrt: case Primitive::ReciprocalSqrt: return 4;
        default: break;
    }
    if (primitive >= Primitive::Exp && primitive <= Primitive::ErfInv) return operand == Lane::F32 ? 8 : 40;
    if (primitive >= Primitive::Tan && primitive <= Primitive::Digamma) return 60;
    return operand == Lane::F64 || operand == Lane::I64 || operand == Lane::U64 ? 2 : 1;
}

}  // namespace brainstate
