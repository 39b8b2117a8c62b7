// Attention and its gradient on cpu, a block of queries at a time: scores exist for that block only, and keys that no query of it sees by its position are left out.
#pragma once

#include "ops/op.h"

namespace brainstate {

Kernel attention(const OpSite& site, const Parameters& attributes);           // (query, key, value, mask?) to y, and forwards also logsumexp
Kernel attention_backward(const OpSite& site, const Parameters& attributes);  // (query, key, value, mask?, y, logsumexp, dy) to (dquery, dkey, dvalue)

}  // namespace brainstate
