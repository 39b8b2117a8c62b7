#include "elementwise/lowering.h"

#include <cstdlib>
#include <cstring>
#include <unordered_map>

#include "elementwise/scalar.h"

namespace brainstate {
namespace {

// A value of the chain: the node that has it on the lane of its dtype.
struct Element {
    int node;
    DType dtype;
};

class Lowerer;
using Rule = Element (*)(Lowerer&, const ChainOp&);

class Lowerer {
public:
    explicit Lowerer(const ChainSpec& spec) : spec(spec), values(spec.inputs.size(), {-1, DType::Bool}) {}

    Code run();

    Element operand(const ChainOp& op, size_t i) { return value(op.operands[i]); }

    Lane lane(int node) const { return code.nodes[node].lane; }

    int add(Primitive primitive, Lane lane, std::array<int, 3> operands = {-1, -1, -1}, uint64_t parameter = 0) {
        code.nodes.push_back({primitive, lane, operands, parameter});
        return static_cast<int>(code.nodes.size()) - 1;
    }

    int unary(Primitive primitive, Lane lane, int x) { return add(primitive, lane, {x, -1, -1}); }

    int binary(Primitive primitive, Lane lane, int x, int y) { return add(primitive, lane, {x, y, -1}); }

    // An integer as a literal of a lane.
    int constant(Lane lane, int64_t value) {
        uint64_t bits = static_cast<uint64_t>(value);
        if (lane == Lane::F32) bits = portable::bits_of(static_cast<float>(value));
        if (lane == Lane::F64) bits = portable::bits_of(static_cast<double>(value));
        return add(Primitive::Literal, lane, {-1, -1, -1}, bits);
    }

    // A float32 lane rounded to the half precision dtype that it holds; others are exact.
    int rounded(int node, DType dtype) {
        if (dtype == DType::Float16) return unary(Primitive::RoundToFloat16, Lane::F32, node);
        return dtype == DType::BFloat16 ? unary(Primitive::RoundToBFloat16, Lane::F32, node) : node;
    }

    // A lane as memory has it, and back.
    int to_memory(Element x) {
        if (!is_half(x.dtype)) return x.node;
        const bool is_float16 = x.dtype == DType::Float16;
        const auto& node = code.nodes[x.node];
        if (node.primitive == (is_float16 ? Primitive::ReadFloat16 : Primitive::ReadBFloat16)) return node.operands[0];
        return unary(is_float16 ? Primitive::WriteFloat16 : Primitive::WriteBFloat16, Lane::U16, x.node);
    }

    Element from_memory(int node, DType dtype) {
        if (dtype == DType::Float16) return {unary(Primitive::ReadFloat16, Lane::F32, node), dtype};
        return {dtype == DType::BFloat16 ? unary(Primitive::ReadBFloat16, Lane::F32, node) : node, dtype};
    }

    Element converted(Element x, DType to);

private:
    // Inputs are read where they are first needed, so that few values are held at a time.
    Element value(int number) {
        auto& value = values[number];
        if (value.node < 0) value = spec.inputs[number].is_literal ? literal(spec.inputs[number].literal) : input(static_cast<size_t>(number));
        return value;
    }

    Element input(size_t i) {
        return from_memory(add(Primitive::Input, memory_lane_of(spec.inputs[i].dtype), {-1, -1, -1}, i), spec.inputs[i].dtype);
    }

    Element literal(const Literal& literal) {
        uint64_t bits = 0;
        std::memcpy(&bits, literal.bytes.data(), static_cast<size_t>(size_of(literal.dtype)));
        if (literal.dtype == DType::Float16) bits = portable::bits_of(portable::ReadFloat16::of(static_cast<uint16_t>(bits)));
        if (literal.dtype == DType::BFloat16) bits = portable::bits_of(portable::ReadBFloat16::of(static_cast<uint16_t>(bits)));
        return {add(Primitive::Literal, lane_of(literal.dtype), {-1, -1, -1}, bits), literal.dtype};
    }

    const ChainSpec& spec;
    std::vector<Element> values;
    Code code;
};

// The same number in another dtype.
Element Lowerer::converted(Element x, DType to) {
    if (x.dtype == to) return x;
    const Lane from_lane = lane(x.node), to_lane = lane_of(to);
    if (to == DType::Bool) return {unary(Primitive::NotZero, Lane::U8, x.node), to};
    if (!is_half(to)) {
        if (from_lane == to_lane) return {x.node, to};
        const bool is_same = !is_floating(from_lane) && !is_floating(to_lane) && bits_of(from_lane) == bits_of(to_lane);
        return {unary(is_same ? Primitive::Bits : Primitive::Convert, to_lane, x.node), to};
    }
    if (from_lane == Lane::F64) return {unary(to == DType::Float16 ? Primitive::NarrowToFloat16 : Primitive::NarrowToBFloat16, Lane::F32, x.node), to};
    if (from_lane == Lane::F32) return {rounded(x.node, to), to};
    if (to == DType::BFloat16 && size_of(from_lane) >= 4) {
        // Through float64, which holds what matters of every integer; float32 might round where bfloat16 rounds again.
        const int odd = size_of(from_lane) == 8 ? unary(Primitive::RoundToOdd, from_lane, x.node) : x.node;
        return converted({unary(Primitive::Convert, Lane::F64, odd), DType::Float64}, to);
    }
    return {rounded(unary(Primitive::Convert, Lane::F32, x.node), to), to};
}

template <Primitive P>
Element exact_unary(Lowerer& l, const ChainOp& op) {
    const auto x = l.operand(op, 0);
    return {l.unary(P, l.lane(x.node), x.node), op.dtype};
}

template <Primitive P>
Element rounded_unary(Lowerer& l, const ChainOp& op) {
    return {l.rounded(exact_unary<P>(l, op).node, op.dtype), op.dtype};
}

template <Primitive P>
Element exact_binary(Lowerer& l, const ChainOp& op) {
    const auto x = l.operand(op, 0), y = l.operand(op, 1);
    return {l.binary(P, l.lane(x.node), x.node, y.node), op.dtype};
}

template <Primitive P>
Element rounded_binary(Lowerer& l, const ChainOp& op) {
    return {l.rounded(exact_binary<P>(l, op).node, op.dtype), op.dtype};
}

template <Primitive P, bool IsSwapped = false>
Element relation(Lowerer& l, const ChainOp& op) {
    const auto x = l.operand(op, IsSwapped ? 1 : 0), y = l.operand(op, IsSwapped ? 0 : 1);
    return {l.binary(P, Lane::U8, x.node, y.node), DType::Bool};
}

Element identity(Lowerer& l, const ChainOp& op) { return l.operand(op, 0); }

Element absolute(Lowerer& l, const ChainOp& op) { return is_unsigned(op.dtype) ? identity(l, op) : exact_unary<Primitive::Abs>(l, op); }

Element complement(Lowerer& l, const ChainOp& op) {
    const auto x = l.operand(op, 0);
    return op.dtype == DType::Bool ? Element{l.binary(Primitive::Xor, Lane::U8, x.node, l.constant(Lane::U8, 1)), op.dtype} : exact_unary<Primitive::Complement>(l, op);
}

Element square(Lowerer& l, const ChainOp& op) {
    const auto x = l.operand(op, 0);
    return {l.rounded(l.binary(Primitive::Multiply, l.lane(x.node), x.node, x.node), op.dtype), op.dtype};
}

Element is_finite(Lowerer& l, const ChainOp& op) { return {l.unary(Primitive::IsFinite, Lane::U8, l.operand(op, 0).node), DType::Bool}; }

Element round(Lowerer& l, const ChainOp& op) {
    const bool is_even = (*op.parameters)["rounding_method"].text() == "ToNearestEven";
    return is_even ? exact_unary<Primitive::RoundToEven>(l, op) : exact_unary<Primitive::RoundAwayFromZero>(l, op);
}

// By squaring and multiplying; a negative power is a reciprocal.
Element integer_power(Lowerer& l, const ChainOp& op) {
    const int64_t y = (*op.parameters)["y"].integer();
    int x = l.operand(op, 0).node, power = -1;
    const Lane lane = l.lane(x);
    for (int64_t rest = std::abs(y); rest != 0; rest >>= 1) {
        if ((rest & 1) != 0) power = power < 0 ? x : l.binary(Primitive::Multiply, lane, power, x);
        if (rest > 1) x = l.binary(Primitive::Multiply, lane, x, x);
    }
    if (y <= 0) power = y == 0 ? l.constant(lane, 1) : l.binary(Primitive::Divide, lane, l.constant(lane, 1), power);
    return {l.rounded(power, op.dtype), op.dtype};
}

// Of four primitives, the one of a floating dtype.
Primitive of_format(Primitive first, DType dtype) { return static_cast<Primitive>(static_cast<int>(first) + static_cast<int>(dtype) - static_cast<int>(DType::Float16)); }

Element reduce_precision(Lowerer& l, const ChainOp& op) {
    const auto x = l.operand(op, 0);
    const auto exponent = static_cast<uint64_t>((*op.parameters)["exponent_bits"].integer()), mantissa = static_cast<uint64_t>((*op.parameters)["mantissa_bits"].integer());
    return {l.add(of_format(Primitive::ReducePrecisionFloat16, op.dtype), l.lane(x.node), {x.node, -1, -1}, exponent | (mantissa << 32)), op.dtype};
}

Element next_after(Lowerer& l, const ChainOp& op) {
    const auto x = l.operand(op, 0), y = l.operand(op, 1);
    return {l.binary(of_format(Primitive::NextAfterFloat16, op.dtype), l.lane(x.node), x.node, y.node), op.dtype};
}

Element clamp(Lowerer& l, const ChainOp& op) {
    const auto low = l.operand(op, 0), x = l.operand(op, 1), high = l.operand(op, 2);
    const Lane lane = l.lane(x.node);
    return {l.binary(Primitive::Min, lane, l.binary(Primitive::Max, lane, x.node, low.node), high.node), op.dtype};
}

// An int32 selector picks the last case that it reaches, so that those outside pick the first or last.
Element select_n(Lowerer& l, const ChainOp& op) {
    const auto which = l.operand(op, 0);
    auto result = l.operand(op, 1);
    for (size_t i = 2; i < op.operands.size(); i++) {
        const int reached = which.dtype == DType::Bool ? which.node : l.binary(Primitive::LessOrEqual, Lane::U8, l.constant(Lane::I32, static_cast<int64_t>(i) - 1), which.node);
        result.node = l.add(Primitive::Select, l.lane(result.node), {reached, l.operand(op, i).node, result.node});
    }
    return result;
}

Element convert(Lowerer& l, const ChainOp& op) { return l.converted(l.operand(op, 0), op.dtype); }

Element bitcast(Lowerer& l, const ChainOp& op) {
    const auto x = l.operand(op, 0);
    if (x.dtype == op.dtype) return x;
    const int bits = l.to_memory(x);
    const Lane lane = memory_lane_of(op.dtype);
    return l.from_memory(l.lane(bits) == lane ? bits : l.unary(Primitive::Bits, lane, bits), op.dtype);
}

Element iota(Lowerer& l, const ChainOp& op) {
    const auto axis = static_cast<uint64_t>((*op.parameters)["dimension"].integer());
    // float64 holds every index, which a half precision dtype then rounds once.
    const DType counting = is_half(op.dtype) ? DType::Float64 : op.dtype;
    return l.converted({l.add(Primitive::Iota, lane_of(counting), {-1, -1, -1}, axis), counting}, op.dtype);
}

const std::unordered_map<std::string, Rule>& rules() {
    using P = Primitive;
    static const std::unordered_map<std::string, Rule> table = {
        {"add", rounded_binary<P::Add>}, {"sub", rounded_binary<P::Subtract>}, {"mul", rounded_binary<P::Multiply>}, {"div", rounded_binary<P::Divide>},
        {"rem", exact_binary<P::Remainder>}, {"max", exact_binary<P::Max>}, {"min", exact_binary<P::Min>}, {"pow", rounded_binary<P::Pow>}, {"atan2", rounded_binary<P::Atan2>},
        {"and", exact_binary<P::And>}, {"or", exact_binary<P::Or>}, {"xor", exact_binary<P::Xor>}, {"shift_left", exact_binary<P::ShiftLeft>},
        {"shift_right_logical", exact_binary<P::ShiftRightLogical>}, {"shift_right_arithmetic", exact_binary<P::ShiftRightArithmetic>}, {"nextafter", next_after},
        {"eq", relation<P::Equal>}, {"ne", relation<P::NotEqual>}, {"lt", relation<P::Less>}, {"le", relation<P::LessOrEqual>}, {"gt", relation<P::Less, true>},
        {"ge", relation<P::LessOrEqual, true>},
        {"neg", exact_unary<P::Negate>}, {"sign", exact_unary<P::Sign>}, {"abs", absolute}, {"not", complement}, {"square", square}, {"integer_pow", integer_power},
        {"population_count", exact_unary<P::PopulationCount>}, {"clz", exact_unary<P::LeadingZeros>}, {"is_finite", is_finite}, {"floor", exact_unary<P::Floor>},
        {"ceil", exact_unary<P::Ceil>}, {"round", round}, {"reduce_precision", reduce_precision}, {"sqrt", rounded_unary<P::Sqrt>}, {"rsqrt", rounded_unary<P::ReciprocalSqrt>},
        {"cbrt", rounded_unary<P::Cbrt>}, {"exp", rounded_unary<P::Exp>}, {"exp2", rounded_unary<P::Exp2>}, {"expm1", rounded_unary<P::Expm1>}, {"log", rounded_unary<P::Log>},
        {"log1p", rounded_unary<P::Log1p>}, {"tanh", rounded_unary<P::Tanh>}, {"logistic", rounded_unary<P::Logistic>}, {"sin", rounded_unary<P::Sin>},
        {"cos", rounded_unary<P::Cos>}, {"tan", rounded_unary<P::Tan>}, {"asin", rounded_unary<P::Asin>}, {"acos", rounded_unary<P::Acos>}, {"atan", rounded_unary<P::Atan>},
        {"sinh", rounded_unary<P::Sinh>}, {"cosh", rounded_unary<P::Cosh>}, {"asinh", rounded_unary<P::Asinh>}, {"acosh", rounded_unary<P::Acosh>},
        {"atanh", rounded_unary<P::Atanh>}, {"erf", rounded_unary<P::Erf>}, {"erfc", rounded_unary<P::Erfc>}, {"erf_inv", rounded_unary<P::ErfInv>},
        {"lgamma", rounded_unary<P::Lgamma>}, {"digamma", rounded_unary<P::Digamma>},
        {"select_n", select_n}, {"clamp", clamp}, {"convert_element_type", convert}, {"bitcast_convert_type", bitcast}, {"iota", iota}, {"stop_gradient", identity},
    };
    return table;
}

// Without the nodes that no output needs.
Code pruned(const Code& code) {
    std::vector<bool> is_needed(code.nodes.size());
    for (int output : code.outputs) is_needed[output] = true;
    for (size_t i = code.nodes.size(); i-- > 0;)
        if (is_needed[i])
            for (int operand : code.nodes[i].operands)
                if (operand >= 0) is_needed[operand] = true;

    Code result;
    std::vector<int> moved(code.nodes.size(), -1);
    for (size_t i = 0; i < code.nodes.size(); i++) {
        if (!is_needed[i]) continue;
        moved[i] = static_cast<int>(result.nodes.size());
        auto node = code.nodes[i];
        for (int& operand : node.operands)
            if (operand >= 0) operand = moved[operand];
        result.nodes.push_back(node);
    }
    for (int output : code.outputs) result.outputs.push_back(moved[output]);
    return result;
}

Code Lowerer::run() {
    for (const auto& op : spec.ops) {
        const auto rule = rules().find(op.name);
        if (rule == rules().end()) throw std::invalid_argument("the elementwise machine does not know the op '" + op.name + "'");
        const auto result = rule->second(*this, op);
        values.push_back(result);
    }
    for (int output : spec.outputs) code.outputs.push_back(to_memory(value(output)));
    return pruned(code);
}

}  // namespace

Code lower(const ChainSpec& spec) { return Lowerer(spec).run(); }

bool is_elementwise(const std::string& op, const std::vector<Spec>& inputs, const Spec& output) {
    if (!rules().contains(op) || is_complex(output.dtype)) return false;
    for (const auto& input : inputs)
        if (is_complex(input.dtype)) return false;
    return op != "bitcast_convert_type" || size_of(inputs[0].dtype) == size_of(output.dtype);
}

std::vector<std::string> elementwise_names() {
    std::vector<std::string> names;
    for (const auto& [name, rule] : rules()) names.push_back(name);
    return names;
}

}  // namespace brainstate
