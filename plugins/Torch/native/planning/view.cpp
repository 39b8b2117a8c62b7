#include "planning/view.h"

namespace brainstate {

namespace {

View broadcast(const Equation& equation, const View& operand, const Spec& output) {
    View result{output.shape, Dims(output.shape.size(), 0), operand.offset};
    const Dims axes = equation.parameters["broadcast_dimensions"].ints();
    for (size_t i = 0; i < axes.size(); i++)
        if (operand.shape[i] == output.shape[axes[i]]) result.strides[axes[i]] = operand.strides[i];
    return result;
}

View transpose(const Equation& equation, const View& operand, const Spec& output) {
    View result{output.shape, {}, operand.offset};
    for (const int64_t axis : equation.parameters["permutation"].ints()) result.strides.push_back(operand.strides[axis]);
    return result;
}

View slice(const Equation& equation, const View& operand, const Spec& output) {
    View result{output.shape, {}, operand.offset};
    const Dims starts = equation.parameters["start_indices"].ints();
    const Value& strides = equation.parameters["strides"];
    const Dims steps = strides.is_null() ? Dims(starts.size(), 1) : strides.ints();
    for (size_t i = 0; i < starts.size(); i++) {
        result.offset += starts[i] * operand.strides[i];
        result.strides.push_back(steps[i] * operand.strides[i]);
    }
    return result;
}

// Walks both shapes from the last axis and gives each run of new axes the stride of the run of old axes with as many elements, as long as those old axes lie next to each other.
std::optional<View> reshape(const View& operand, const Dims& shape) {
    View result{shape, Dims(shape.size(), 1), operand.offset};
    if (count_of(shape) == 0) return View::dense(shape);
    Dims sizes, strides;  // of the operand without axes of size 1
    for (size_t i = 0; i < operand.shape.size(); i++)
        if (operand.shape[i] != 1) {
            sizes.push_back(operand.shape[i]);
            strides.push_back(operand.strides[i]);
        }
    auto to = static_cast<int64_t>(shape.size()) - 1;
    for (auto from = static_cast<int64_t>(sizes.size()) - 1; from >= 0;) {
        int64_t run = sizes[from], stride = strides[from];
        for (; from > 0 && strides[from - 1] == run * stride; from--) run *= sizes[from - 1];
        from--;
        for (; to >= 0 && run % shape[to] == 0 && (run > 1 || shape[to] == 1); to--) {
            result.strides[to] = stride;
            stride *= shape[to];
            run /= shape[to];
        }
        if (run != 1) return std::nullopt;
    }
    return result;
}

}  // namespace

View View::dense(const Dims& shape) {
    View result{shape, Dims(shape.size(), 1)};
    for (auto i = static_cast<int64_t>(shape.size()) - 2; i >= 0; i--) result.strides[i] = result.strides[i + 1] * shape[i + 1];
    return result;
}

bool View::is_dense() const {
    int64_t expected = 1;
    for (auto i = static_cast<int64_t>(shape.size()) - 1; i >= 0; i--) {
        if (shape[i] == 0) return true;
        if (shape[i] != 1 && strides[i] != expected) return false;
        expected *= shape[i];
    }
    return true;
}

std::optional<View> view_of(const Equation& equation, const View& operand, const Spec& output) {
    if (equation.op == "broadcast_in_dim") return broadcast(equation, operand, output);
    if (equation.op == "transpose") return transpose(equation, operand, output);
    if (equation.op == "slice") return slice(equation, operand, output);
    if (equation.op == "reshape") return reshape(operand, output.shape);
    return std::nullopt;
}

Dims loop_strides(const View& view, const Dims& shape) {
    if (view.shape.size() != shape.size()) return Dims(shape.size(), 0);
    Dims result = view.strides;
    for (size_t i = 0; i < result.size(); i++)
        if (shape[i] == 1) result[i] = 0;
    return result;
}

}  // namespace brainstate
