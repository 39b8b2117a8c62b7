// Normalizations, and softmax, which is one too.
#pragma once

#include "ops/op.h"

namespace brainstate {

Kernel softmax(const OpSite& site, const Parameters& attributes);               // x to y
Kernel softmax_backward(const OpSite& site, const Parameters& attributes);      // (y, dy) to dx
Kernel log_softmax(const OpSite& site, const Parameters& attributes);           // x to y
Kernel log_softmax_backward(const OpSite& site, const Parameters& attributes);  // (y, dy) to dx
Kernel layer_norm(const OpSite& site, const Parameters& attributes);            // (x, scale?, bias?) to y, and forwards also mean and rstd
Kernel layer_norm_backward(const OpSite& site, const Parameters& attributes);   // (x, scale?, mean, rstd, dy) to (dx, dscale?, dbias?)
Kernel batch_norm(const OpSite& site, const Parameters& attributes);            // (x, scale?, bias?) to (y, mean, variance), and forwards also rstd
Kernel batch_norm_backward(const OpSite& site, const Parameters& attributes);   // (x, scale?, mean, rstd, dy, dmean, dvariance) to (dx, dscale?, dbias?)

}  // namespace brainstate
