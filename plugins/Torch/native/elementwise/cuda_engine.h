// Chains on cuda: one kernel for each, generated and compiled when the chain is made.
#pragma once

#include "elementwise/chain.h"

namespace brainstate {

std::unique_ptr<Chain> make_cuda_chain(const ChainSpec& spec, int device);

}  // namespace brainstate
