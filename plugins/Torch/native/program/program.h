// Programs as the contract defines them: typed inputs, equations outs = op[params](ins), outputs. Values are numbered by position.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace brainstate {

// Numbered as the contract numbers them.
enum class DType : int8_t {
    Bool, Int8, Int16, Int32, Int64, UInt8, UInt16, UInt32, UInt64, Float16, BFloat16, Float32, Float64, Complex64, Complex128,
};

constexpr int64_t size_of(DType dtype) {
    constexpr int64_t sizes[] = {1, 1, 2, 4, 8, 1, 2, 4, 8, 2, 2, 4, 8, 8, 16};
    return sizes[static_cast<int>(dtype)];
}

constexpr bool is_unsigned(DType dtype) { return dtype >= DType::UInt8 && dtype <= DType::UInt64; }
constexpr bool is_signed(DType dtype) { return dtype >= DType::Int8 && dtype <= DType::Int64; }
constexpr bool is_integer(DType dtype) { return dtype >= DType::Int8 && dtype <= DType::UInt64; }
constexpr bool is_half(DType dtype) { return dtype == DType::Float16 || dtype == DType::BFloat16; }
constexpr bool is_floating(DType dtype) { return dtype >= DType::Float16 && dtype <= DType::Float64; }
constexpr bool is_complex(DType dtype) { return dtype >= DType::Complex64; }

const char* name_of(DType dtype);

using Dims = std::vector<int64_t>;

int64_t count_of(const Dims& shape);

struct Spec {
    DType dtype;
    Dims shape;

    int64_t count() const { return count_of(shape); }
    int64_t bytes() const { return count() * size_of(dtype); }
    std::string text() const;  // float32[2,3]
    bool operator==(const Spec&) const = default;
};

// A scalar constant: its bytes, the first size_of(dtype) of which count.
struct Literal {
    DType dtype;
    alignas(16) std::array<std::byte, 16> bytes;
};

struct Program;

// A parameter's value: null, an integer (also bool and dtype), a real, a text (also the name of an enum's value), a tuple or a program.
struct Value {
    using Tuple = std::vector<Value>;
    std::variant<std::monostate, int64_t, double, std::string, Tuple, std::shared_ptr<const Program>> content;

    bool is_null() const { return content.index() == 0; }
    int64_t integer() const;
    double real() const;
    const std::string& text() const;
    const Tuple& tuple() const;
    Dims ints() const;  // of a tuple of integers
    const Program& program() const;
};

class Parameters {
public:
    void add(std::string name, Value value) { values.emplace_back(std::move(name), std::move(value)); }

    // Throws std::invalid_argument if there is none of that name.
    const Value& operator[](const std::string& name) const;
    const Value* find(const std::string& name) const;

private:
    std::vector<std::pair<std::string, Value>> values;
};

// A value by its number, or a literal (number −1).
struct Operand {
    int value;
    Literal literal;

    bool is_literal() const { return value < 0; }
};

struct Equation {
    std::string op;
    Parameters parameters;
    std::vector<Operand> inputs;
    int first_output;
    int output_count;
};

struct Program {
    std::vector<Spec> values;  // inputs first, then the results of the equations in order
    int input_count;
    std::vector<Equation> equations;
    std::vector<Operand> outputs;

    Spec spec_of(const Operand& operand) const { return operand.is_literal() ? Spec{operand.literal.dtype, {}} : values[operand.value]; }
};

}  // namespace brainstate
