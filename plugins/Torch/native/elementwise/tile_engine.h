// Chains on cpu: an interpreter whose instructions each run over a tile of elements that stays in the first cache.
#pragma once

#include "elementwise/chain.h"

namespace brainstate {

std::unique_ptr<Chain> make_tile_chain(const ChainSpec& spec);

}  // namespace brainstate
