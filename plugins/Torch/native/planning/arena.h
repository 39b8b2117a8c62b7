// Addresses of temporaries: those that live at the same time never overlap, and a chain writes over an operand that it reads last.
#pragma once

#include "planning/lowering.h"

namespace brainstate {

constexpr int64_t memory_alignment = 64;

// Whether every operand of the chain that lies in the storage is read element by element as the result is written.
bool may_write_over(const Lowered& lowered, const Unit& unit, int storage, const Location& result);

// Gives every temporary an address; returns the size of the arena.
int64_t lay_out(Lowered& lowered);

}  // namespace brainstate
