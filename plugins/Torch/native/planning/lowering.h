// A program as units of work over storages: bodies that run once are inlined, views cost nothing, elementwise ops of one shape are gathered into chains.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include <ATen/core/Tensor.h>

#include "elementwise/chain.h"
#include "planning/view.h"
#include "program/program.h"

namespace brainstate {

enum class Place {
    Input,      // an argument of the run
    Output,     // a result of the run
    Constant,   // a literal that an op needs in memory
    Temporary,  // in the arena, from its first unit to its last
};

// A piece of memory.
struct Storage {
    Place place;
    int64_t bytes;
    int index = 0;        // of the argument, result or constant
    int first = -1;       // the unit that writes it
    int last = -1;        // the last unit that reads or writes it
    int64_t address = 0;  // of a temporary, in the arena
};

// A value: how its elements lie in a storage. Results of a chain that only the chain itself reads live in its registers and have no storage.
struct Location {
    DType dtype;
    View view;
    int storage = -1;
    int unit = -1;         // that computes it; −1 if it is there from the start
    int chain_result = -1;  // its number among the ops of that chain

    Spec spec() const { return {dtype, view.shape}; }
    bool in_registers() const { return storage < 0; }
};

// An operand of a chain's op: a literal, a value in memory, or a result of the chain.
struct ChainOperand {
    enum Kind { InMemory, Result, Constant } kind;
    int index;  // of the chain's inputs, ops or literals
};

struct ChainDraft {
    Dims shape;
    std::vector<int> inputs;  // values
    std::vector<Literal> literals;
    struct Op {
        const Equation* equation;
        std::vector<ChainOperand> operands;
        int value;
    };
    std::vector<Op> ops;
};

// One step of the plan to be. Operands and results are values.
struct Unit {
    enum Kind { Chain, Kernel, Copy, Cond, While, Scan } kind;
    const Equation* equation = nullptr;
    std::vector<int> operands;
    std::vector<int> results;
    std::unique_ptr<ChainDraft> chain;
    std::vector<int> scratch;                         // storages that the unit needs for itself
    std::function<void(const at::Tensor*, at::Tensor*)> kernel;  // of a composite, made already
};

struct Lowered {
    std::vector<Storage> storages;
    std::vector<Location> values;
    std::vector<Literal> constants;
    std::vector<Unit> units;
    std::vector<int> replaced;  // for each output the input that it may be written over, or −1
};

// The program has to outlive what is made of it. Given are the inputs that a run gives up; what is written over them comes last (planning/updates.h).
Lowered lower(const Program& program, at::Device device, const std::vector<int>& given);

}  // namespace brainstate
