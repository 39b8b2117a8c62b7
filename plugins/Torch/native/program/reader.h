// The instruction list: a program as 64-bit words, little-endian.
//
//   list      = magic program                         magic = "BRAINST1"
//   program   = #values (dtype rank dim…)… #inputs #equations equation… #outputs operand…
//   equation  = text #parameters (text value)… #inputs operand… #outputs
//   operand   = number | −1 dtype low high            a value, or a literal of 16 bytes
//   text      = #bytes, then the UTF-8 bytes padded to whole words
//   value     = 0 | 1 integer | 2 bits of a double | 3 text | 4 #items value… | 5 program
#pragma once

#include "program/program.h"

namespace brainstate {

// Throws std::invalid_argument where the words are no program; every number is checked before it is used.
Program read_program(const int64_t* words, size_t count);

}  // namespace brainstate
