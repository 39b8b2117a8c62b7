// Rows of a table by their numbers, and the gradient of the table, on cpu.
#pragma once

#include "ops/op.h"

namespace brainstate {

Kernel embedding(const OpSite& site, const Parameters& attributes);           // (table, indices) to y
Kernel embedding_backward(const OpSite& site, const Parameters& attributes);  // (indices, dy) to dtable

}  // namespace brainstate
