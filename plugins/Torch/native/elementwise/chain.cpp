#include "elementwise/chain.h"

#include "elementwise/cuda_engine.h"
#include "elementwise/tile_engine.h"

namespace brainstate {

std::unique_ptr<Chain> make_chain(const ChainSpec& spec, at::Device device) {
    if (device.is_cpu()) return make_tile_chain(spec);
    if (device.is_cuda()) return make_cuda_chain(spec, device.index());
    throw std::invalid_argument("the elementwise machine does not run on " + device.str());
}

}  // namespace brainstate
