// The loops of the tile interpreter: one function for a primitive on lanes, compiled for several processors.
#pragma once

#include <cstddef>

#include "elementwise/primitive.h"

namespace brainstate {

struct Instruction;

// Runs an instruction on `count` elements, the first of which is the element `start` of the chain.
using TileKernel = void (*)(const Instruction&, std::byte* const* registers, int64_t start, int64_t count);

struct Instruction {
    TileKernel kernel;
    uint16_t result;
    uint16_t operands[3];
    uint8_t uniform;     // bit k: operand k is one element, which takes part everywhere; never all operands of a tile
    uint64_t parameter;  // what the primitive takes, or the address of a table
};

// What is compiled for each processor.
struct KernelSet {
    const char* name;
    // The kernel of a primitive whose operands have a lane (the last ones, of Select) and its result another one.
    TileKernel (*find)(Primitive primitive, Lane operand, Lane result);
    // Random bits of a block from a position on (ops/random.cpp); the size is that of an element.
    void (*fill_random)(uint32_t key0, uint32_t key1, int64_t position, int64_t count, int size, void* target);
};

// Those for the processor that this is.
const KernelSet& kernels();

}  // namespace brainstate
