// The steps of a plan.
#pragma once

#include <limits>

#include "elementwise/chain.h"
#include "ops/op.h"
#include "planning/frame.h"

namespace brainstate {

constexpr double unknown_launches = std::numeric_limits<double>::infinity();

// Where something lies in a frame.
struct Address {
    int storage;
    int64_t bytes;  // from the storage's beginning

    std::byte* in(const Frame& frame) const { return frame.addresses[storage] + bytes; }
};

// Runs a chain of elementwise ops.
class ChainStep : public Step {
public:
    ChainStep(std::unique_ptr<Chain> chain, std::vector<Address> inputs, std::vector<Address> outputs)
        : chain(std::move(chain)), inputs(std::move(inputs)), outputs(std::move(outputs)) {}
    void run(Frame& frame) const override;

private:
    std::unique_ptr<Chain> chain;
    std::vector<Address> inputs, outputs;
};

// Runs an ATen op on tensors of the frame.
class KernelStep : public Step {
public:
    KernelStep(std::string op, Kernel kernel, bool meets_host, int first_input, int first_output)
        : op(std::move(op)), kernel(std::move(kernel)), meets_host(meets_host), first_input(first_input), first_output(first_output) {}
    void run(Frame& frame) const override;
    double launches(const Plan&) const override { return meets_host ? unknown_launches : 1; }

private:
    std::string op;
    Kernel kernel;
    bool meets_host;
    int first_input, first_output;
};

// Copies dense memory.
class MoveStep : public Step {
public:
    MoveStep(Address from, Address to, int64_t bytes) : from(from), to(to), bytes(bytes) {}
    void run(Frame& frame) const override { frame.copy(to.in(frame), from.in(frame), bytes); }

private:
    Address from, to;
    int64_t bytes;
};

// Runs the branch that a scalar selects; an index outside the branches selects the nearest.
class CondStep : public Step {
public:
    CondStep(int index, std::vector<int> branches, std::vector<Address> operands, std::vector<Address> results)
        : index(index), branches(std::move(branches)), operands(std::move(operands)), results(std::move(results)) {}
    void run(Frame& frame) const override;
    double launches(const Plan&) const override { return unknown_launches; }

private:
    int index;  // a tensor
    std::vector<int> branches;
    std::vector<Address> operands, results;
};

// What a loop carries from step to step: written in turn into the result and into a scratch memory, so that nothing is copied.
struct Carry {
    Address initial, result, scratch;
    int64_t bytes;
};

class WhileStep : public Step {
public:
    WhileStep(int condition, int body, std::vector<Address> condition_constants, std::vector<Address> body_constants, std::vector<Carry> carry, Address flag, int flag_tensor)
        : condition(condition), body(body), condition_constants(std::move(condition_constants)), body_constants(std::move(body_constants)), carry(std::move(carry)),
          flag(flag), flag_tensor(flag_tensor) {}
    void run(Frame& frame) const override;
    double launches(const Plan&) const override { return unknown_launches; }

private:
    int condition, body;
    std::vector<Address> condition_constants, body_constants;
    std::vector<Carry> carry;
    Address flag;
    int flag_tensor;
};

// Slices of an operand or a result, one per step.
struct Slices {
    Address whole;
    int64_t bytes;  // of one
};

class ScanStep : public Step {
public:
    ScanStep(int body, int64_t length, bool reverse, std::vector<Address> constants, std::vector<Carry> carry, std::vector<Slices> inputs, std::vector<Slices> outputs)
        : body(body), length(length), reverse(reverse), constants(std::move(constants)), carry(std::move(carry)), inputs(std::move(inputs)), outputs(std::move(outputs)) {}
    void run(Frame& frame) const override;
    double launches(const Plan& plan) const override { return length == 0 ? 0 : static_cast<double>(length) * plan.bodies[body]->launches(); }

private:
    int body;
    int64_t length;
    bool reverse;
    std::vector<Address> constants;
    std::vector<Carry> carry;
    std::vector<Slices> inputs, outputs;
};

}  // namespace brainstate
