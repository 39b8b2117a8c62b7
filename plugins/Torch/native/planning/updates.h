// Updates: chains whose results may be written over inputs that the run gives up, as new parameters over old ones. They come after everything that can fail, since a run that fails leaves its
// arguments as they were. A chain cannot: its memory is there before the run begins (planning/frame.h). Nor can a copy of dense memory.
#pragma once

#include "planning/lowering.h"

namespace brainstate {

// Moves the updates that nothing which can fail waits for behind all that can, and what waits for them with them.
void move_updates_last(Lowered& lowered, const std::vector<int>& given);

// For each output the input that it may be written over, or −1. Lifetimes are known by then.
std::vector<int> replaced_inputs(const Lowered& lowered, const std::vector<int>& given, size_t output_count);

}  // namespace brainstate
