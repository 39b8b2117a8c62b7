// Cross entropies and their gradients, row by row: neither one-hot labels nor probabilities are kept anywhere.
#pragma once

#include "ops/op.h"

namespace brainstate {

Kernel cross_entropy(const OpSite& site, const Parameters& attributes);                // (logits, labels) to loss, and forwards also ln of probabilities
Kernel cross_entropy_backward(const OpSite& site, const Parameters& attributes);       // (ln of probabilities, labels, dloss) to dlogits
Kernel soft_cross_entropy(const OpSite& site, const Parameters& attributes);           // as cross_entropy
Kernel soft_cross_entropy_backward(const OpSite& site, const Parameters& attributes);  // (ln of probabilities, labels, dloss) to (dlogits, dlabels)

}  // namespace brainstate
