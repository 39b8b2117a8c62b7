#include "program/program.h"

namespace brainstate {

namespace {

template <class T>
const T& content_as(const Value& value, const char* kind) {
    if (const T* found = std::get_if<T>(&value.content)) return *found;
    throw std::invalid_argument(std::string("a parameter is no ") + kind);
}

}  // namespace

const char* name_of(DType dtype) {
    constexpr const char* names[] = {"bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64",
                                     "float16", "bfloat16", "float32", "float64", "complex64", "complex128"};
    return names[static_cast<int>(dtype)];
}

int64_t count_of(const Dims& shape) {
    int64_t count = 1;
    for (const int64_t size : shape) count *= size;
    return count;
}

std::string Spec::text() const {
    std::string text = name_of(dtype);
    text += '[';
    for (const int64_t size : shape) {
        if (text.back() != '[') text += ',';
        text += std::to_string(size);
    }
    return text += ']';
}

int64_t Value::integer() const { return content_as<int64_t>(*this, "integer"); }

double Value::real() const {
    const auto* integer = std::get_if<int64_t>(&content);
    return integer ? static_cast<double>(*integer) : content_as<double>(*this, "number");
}

const std::string& Value::text() const { return content_as<std::string>(*this, "text"); }

const Value::Tuple& Value::tuple() const { return content_as<Tuple>(*this, "tuple"); }

Dims Value::ints() const {
    Dims result;
    for (const Value& item : tuple()) result.push_back(item.integer());
    return result;
}

const Program& Value::program() const { return *content_as<std::shared_ptr<const Program>>(*this, "program"); }

const Value& Parameters::operator[](const std::string& name) const {
    if (const Value* found = find(name)) return *found;
    throw std::invalid_argument("there is no parameter '" + name + "'");
}

const Value* Parameters::find(const std::string& name) const {
    for (const auto& [own, value] : values)
        if (own == name) return &value;
    return nullptr;
}

}  // namespace brainstate
