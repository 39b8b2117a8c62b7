// Pooling of images with their channels last, and its gradients: loops of our own on cpu, where ATen's take ten times as long for few channels, and ATen elsewhere.
#pragma once

#include "ops/op.h"

namespace brainstate {

// Null where a window lies over padding alone, or the dtype or number of axes is not one that these take.
Kernel max_pool(const OpSite& site, const Parameters& attributes);           // x to y
Kernel max_pool_backward(const OpSite& site, const Parameters& attributes);  // (x, dy) to dx
Kernel avg_pool(const OpSite& site, const Parameters& attributes);           // x to y
Kernel avg_pool_backward(const OpSite& site, const Parameters& attributes);  // dy to dx

}  // namespace brainstate
