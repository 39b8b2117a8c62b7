#include <unordered_map>

#include "ops/op.h"

namespace brainstate {

namespace {

const std::unordered_map<std::string, const OpEntry*>& all_ops() {
    static const auto all = [] {
        std::unordered_map<std::string, const OpEntry*> result;
        for (const OpTable* table : {&shaping_ops(), &slicing_ops(), &reduction_ops(), &cumulative_ops(), &window_ops(), &product_ops(), &ordering_ops(),
                                     &algebra_ops(), &collective_ops(), &random_ops(), &complex_ops()})
            for (const OpEntry& entry : *table) result.emplace(entry.name, &entry);
        return result;
    }();
    return all;
}

}  // namespace

const OpEntry* find_op(const std::string& name) {
    const auto found = all_ops().find(name);
    return found == all_ops().end() ? nullptr : found->second;
}

std::vector<std::string> op_names() {
    std::vector<std::string> names;
    for (const auto& [name, entry] : all_ops()) names.push_back(name);
    return names;
}

at::ScalarType scalar_type(DType dtype) {
    switch (dtype) {
        case DType::Bool: return at::kBool;
        case DType::Int8: return at::kChar;
        case DType::UInt8: return at::kByte;
        case DType::Int16:
        case DType::UInt16: return at::kShort;
        case DType::Int32:
        case DType::UInt32: return at::kInt;
        case DType::Int64:
        case DType::UInt64: return at::kLong;
        case DType::Float16: return at::kHalf;
        case DType::BFloat16: return at::kBFloat16;
        case DType::Float32: return at::kFloat;
        case DType::Float64: return at::kDouble;
        case DType::Complex64: return at::kComplexFloat;
        case DType::Complex128: return at::kComplexDouble;
    }
    throw std::invalid_argument("there is no dtype " + std::to_string(static_cast<int>(dtype)));
}

}  // namespace brainstate
