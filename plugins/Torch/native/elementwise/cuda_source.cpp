#include "elementwise/cuda_source.h"

#include <algorithm>
#include <sstream>

#include "elementwise/lowering.h"
#include "elementwise/strided.h"

namespace brainstate {
namespace {

template <class... Parts>
std::string joined(const Parts&... parts) {
    std::ostringstream text;
    (text << ... << parts);
    return text.str();
}

std::string hexadecimal(uint64_t bits, int size) { return joined("0x", std::hex, bits, size == 8 ? "ull" : "u"); }

std::string literal(Lane lane, uint64_t bits) {
    const int size = size_of(lane);
    if (size < 8) bits &= (uint64_t{1} << (8 * size)) - 1;
    return is_floating(lane) ? joined("float_of(", hexadecimal(bits, size), ")") : joined("static_cast<", name_of(lane), ">(", hexadecimal(bits, size), ")");
}

// Where the element i of an input lies, in elements.
std::string place_of(const Strided& input) {
    if (input.is_dense()) return "i";
    std::string sum;
    int64_t inner = 1;
    for (int axis = input.rank() - 1; axis >= 0; axis--) {
        if (input.strides[axis] != 0) {
            const std::string index = axis > 0 ? joined("i / ", inner, " % ", input.sizes[axis]) : joined("i / ", inner);
            sum += joined(sum.empty() ? "" : " + ", index, " * ", input.strides[axis]);
        }
        inner *= input.sizes[axis];
    }
    return sum.empty() ? "0" : sum;
}

int64_t last_place_of(const Strided& input) {
    int64_t last = 0;
    for (int axis = 0; axis < input.rank(); axis++) last += (input.sizes[axis] - 1) * input.strides[axis];
    return last;
}

std::string expression_of(const ChainSpec& spec, const Node& node) {
    switch (node.primitive) {
        case Primitive::Input: return joined("x", node.parameter, "[k]");
        case Primitive::Literal: return literal(node.lane, node.parameter);
        case Primitive::Iota: {
            const auto counting = Counting::of(spec.shape, static_cast<int64_t>(node.parameter));
            return joined("static_cast<", name_of(node.lane), ">(i / ", counting.inner, " % ", counting.size, ")");
        }
        case Primitive::Convert: case Primitive::Bits: return joined(name_of(node.primitive), "<", name_of(node.lane), ">::of(v", node.operands[0], ")");
        default: break;
    }
    std::string call = joined(name_of(node.primitive), "::of(v", node.operands[0]);
    for (int k = 1; k < 3 && node.operands[k] >= 0; k++) call += joined(", v", node.operands[k]);
    if (reduces_precision(node.primitive)) call += joined(", ", hexadecimal(node.parameter, 8));
    return call + ")";
}

}  // namespace

CudaSource CudaSource::of(const ChainSpec& spec) {
    constexpr int64_t many = 1 << 18;  // elements that fill a device although each thread has several
    const auto code = lower(spec);
    const int64_t count = count_of(spec.shape);
    const int per_thread = count >= many ? 4 : 1;

    int64_t largest_index = count;
    std::string parameters, registers, loads, steps, stores;
    const auto add_parameter = [&](const std::string& parameter) { parameters += joined(parameters.empty() ? "" : ", ", parameter); };
    for (size_t i = 0; i < spec.inputs.size(); i++) {
        if (spec.inputs[i].is_literal) continue;
        const auto strided = Strided::of(spec.shape, spec.inputs[i].strides);
        const char* lane = name_of(memory_lane_of(spec.inputs[i].dtype));
        largest_index = std::max(largest_index, last_place_of(strided));
        add_parameter(joined("const ", lane, "* p", i));
        registers += joined("    ", lane, " x", i, "[per_thread];\n");
        loads += joined("            x", i, "[k] = p", i, "[", place_of(strided), "];\n");
    }
    for (size_t i = 0; i < code.nodes.size(); i++) steps += joined("            const ", name_of(code.nodes[i].lane), " v", i, " = ", expression_of(spec, code.nodes[i]), ";\n");
    for (size_t i = 0; i < code.outputs.size(); i++) {
        add_parameter(joined(name_of(code.nodes[code.outputs[i]].lane), "* q", i));
        stores += joined("            q", i, "[i] = v", code.outputs[i], ";\n");
    }

    // All that a thread reads it reads before it writes, because an output may lie on an input, and so that several reads are under way at a time.
    const char* index = largest_index < (int64_t{1} << 31) - threads * per_thread ? "u32" : "u64";
    return {
        joined(
            "#include \"elementwise/scalar.h\"\n",
            "using namespace brainstate::portable;\n",
            "constexpr int threads = ", threads, ", per_thread = ", per_thread, ";\n",
            "constexpr ", index, " count = ", count, ";\n",
            "extern \"C\" __global__ void __launch_bounds__(threads) ", name, "(", parameters, ") {\n",
            "    const ", index, " first = static_cast<", index, ">(blockIdx.x) * (threads * per_thread) + threadIdx.x;\n",
            registers,
            "#pragma unroll\n",
            "    for (int k = 0; k < per_thread; k++) {\n",
            "        const ", index, " i = first + k * threads;\n",
            "        if (i < count) {\n", loads, "        }\n",
            "    }\n",
            "#pragma unroll\n",
            "    for (int k = 0; k < per_thread; k++) {\n",
            "        const ", index, " i = first + k * threads;\n",
            "        if (i < count) {\n", steps, stores, "        }\n",
            "    }\n",
            "}\n"),
        per_thread};
}

}  // namespace brainstate
