// Kernels of the tile interpreter that move or count elements, for which all processors are alike.
#pragma once

#include "elementwise/kernels.h"

namespace brainstate {

TileKernel copy_of(int size);        // result = operand
TileKernel splat_of(int size);       // every element of result = the one of operand
TileKernel load_of(int size);        // from an input in memory; the parameter is the address of its Strided
TileKernel counting_of(Lane lane);   // an iota; the parameter is the address of its Counting

}  // namespace brainstate
