// A chain as instructions over registers that hold one tile of every value.
#pragma once

#include <deque>

#include "elementwise/kernels.h"
#include "elementwise/lowering.h"
#include "elementwise/strided.h"

namespace brainstate {

// Registers are numbered: inputs in memory, outputs in memory, literals, elements that are the same everywhere, and tiles in the workspace.
struct TileProgram {
    int64_t count;  // elements of the chain
    int64_t tile;   // elements at a time
    int64_t cost;   // of an element, in units of an addition

    std::vector<Instruction> uniform;  // once, on one element
    std::vector<Instruction> body;     // on every tile

    int inputs, outputs, uniforms, tiles;
    std::vector<uint64_t> literals;
    std::vector<std::pair<uint16_t, uint16_t>> advancing;  // registers whose address moves from tile to tile, and the size of their elements

    // What instructions have the addresses of.
    std::deque<Strided> strided;
    std::deque<Counting> counting;

    int64_t tile_bytes() const { return (tile * widest + 63) / 64 * 64; }
    int registers() const { return inputs + outputs + static_cast<int>(literals.size()) + uniforms + tiles; }

    int widest = 1;  // bytes of the largest element in a register
};

TileProgram compile_tiles(const ChainSpec& spec);

}  // namespace brainstate
