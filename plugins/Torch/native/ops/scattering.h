// Updates of windows at computed positions, one after the other.
#pragma once

#include "ops/op.h"

namespace brainstate {

enum class Scattering { Replace, Add, Multiply, Min, Max };

template <Scattering kind>
Kernel make_scatter(const OpSite& site);

extern template Kernel make_scatter<Scattering::Replace>(const OpSite&);
extern template Kernel make_scatter<Scattering::Add>(const OpSite&);
extern template Kernel make_scatter<Scattering::Multiply>(const OpSite&);
extern template Kernel make_scatter<Scattering::Min>(const OpSite&);
extern template Kernel make_scatter<Scattering::Max>(const OpSite&);

}  // namespace brainstate
