// The elementwise machine: chains of elementwise ops over one shape, computed in one pass over memory. The meaning of every op is written once, in scalar.h, which both engines compile:
// the tile interpreter on cpu (tile_engine.h), and kernels generated for a chain and compiled by NVRTC on cuda (cuda_engine.h).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

#include "program/program.h"

namespace brainstate {

// An operand of a chain: a literal, or elements in memory at strides counted in elements, one per axis of the chain's shape (0 where it is broadcast).
struct ChainInput {
    DType dtype;
    Dims strides;
    bool is_literal = false;
    Literal literal{};
};

// One op. Operands and results are numbered: the inputs first, then the ops in order.
struct ChainOp {
    std::string name;
    const Parameters* parameters;  // read only while the chain is made
    std::vector<int> operands;
    DType dtype;                   // of the result
};

struct ChainSpec {
    Dims shape;
    std::vector<ChainInput> inputs;
    std::vector<ChainOp> ops;
    std::vector<int> outputs;      // numbers of ops whose results are stored, dense and row-major
};

class Chain {
public:
    virtual ~Chain() = default;

    // Addresses of the inputs that are not literals, in order, and of the outputs. An output may be the same memory as an input that is dense and of elements as wide. Safe on many threads,
    // each with a workspace of its own: aligned memory, so much for each of at::get_num_threads(). On cpu nothing can fail.
    virtual void run(const void* const* inputs, void* const* outputs, std::byte* workspace) const = 0;
    virtual int64_t workspace_bytes() const { return 0; }
};

// Whether the machine computes an op on operands of these dtypes (the names are the contract's: add, select_n, clamp, convert_element_type, bitcast_convert_type of equal width, iota …).
// Complex operands are left to ATen.
bool is_elementwise(const std::string& op, const std::vector<Spec>& inputs, const Spec& output);

std::vector<std::string> elementwise_names();

std::unique_ptr<Chain> make_chain(const ChainSpec& spec, at::Device device);

}  // namespace brainstate
