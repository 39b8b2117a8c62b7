// Composites for which there are kernels. The definitions, with the residuals that passes keep, are the contract's: a kernel only computes the same.
#pragma once

#include "ops/op.h"

namespace brainstate {

// The kernel for a composite, by its name; none if the composite's body has to do. Outputs are those results of the body that are neither operands nor repeated.
Kernel composite_kernel(const std::string& name, const OpSite& site);

// Whether kernels take an operand, or all operands of a site: float32 and float64 everywhere, on cuda also half precision.
bool runs_in_libtorch(const Spec& spec, at::Device device);
bool runs_in_libtorch(const OpSite& site);

}  // namespace brainstate
