#include "elementwise/strided.h"

namespace brainstate {

Strided Strided::of(const Dims& shape, const Dims& strides) {
    if (strides.size() != shape.size()) throw std::invalid_argument("an input of a chain must have a stride for each axis of the chain's shape");
    Strided result;
    for (size_t axis = 0; axis < shape.size(); axis++) {
        if (shape[axis] == 1) continue;
        if (result.rank() > 0 && result.strides.back() == strides[axis] * shape[axis]) {
            result.sizes.back() *= shape[axis];
            result.strides.back() = strides[axis];
        } else {
            result.sizes.push_back(shape[axis]);
            result.strides.push_back(strides[axis]);
        }
    }
    return result;
}

Counting Counting::of(const Dims& shape, int64_t axis) {
    if (axis < 0 || axis >= static_cast<int64_t>(shape.size())) throw std::invalid_argument("the dimension of an iota must be an axis of its shape");
    Counting result{1, shape[axis]};
    for (size_t i = axis + 1; i < shape.size(); i++) result.inner *= shape[i];
    return result;
}

}  // namespace brainstate
