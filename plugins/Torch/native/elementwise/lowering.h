// Chains as primitives: which op, on which dtype, needs which instructions on lanes. Both engines start from it, so that they compute the same.
#pragma once

#include <array>

#include "elementwise/chain.h"
#include "elementwise/primitive.h"

namespace brainstate {

// One result. Operands are earlier nodes. The parameter is the number of an input, the bits of a literal, the axis of an iota, or what ReducePrecision takes.
struct Node {
    Primitive primitive;
    Lane lane;
    std::array<int, 3> operands{-1, -1, -1};
    uint64_t parameter = 0;
};

struct Code {
    std::vector<Node> nodes;   // all of them needed
    std::vector<int> outputs;  // nodes on lanes as in memory, one for each output of the chain
};

// Throws std::invalid_argument if there is an op that the machine does not know.
Code lower(const ChainSpec& spec);

}  // namespace brainstate
