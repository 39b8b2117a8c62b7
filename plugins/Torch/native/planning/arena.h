// Addresses of temporaries: those that live at the same time never overlap, and a chain writes over an operand that it reads last.
#pragma once

#include "planning/lowering.h"

namespace brainstate {

constexpr int64_t memory_alignment = 64;

// Gives every temporary an address; returns the size of the arena.
int64_t lay_out(Lowered& lowered);

}  // namespace brainstate
