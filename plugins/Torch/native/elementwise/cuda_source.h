// The source of the kernel that computes a chain on cuda.
#pragma once

#include <string>

#include "elementwise/chain.h"

namespace brainstate {

// Its arguments: the inputs that are not literals, in order, then the outputs, all addresses.
struct CudaSource {
    static constexpr const char* name = "chain";
    static constexpr int threads = 256;

    std::string text;
    int elements_per_thread;

    static CudaSource of(const ChainSpec& spec);
};

}  // namespace brainstate
