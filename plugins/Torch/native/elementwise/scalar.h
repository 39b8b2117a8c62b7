// The meaning of every elementwise op on real lanes, written once for both engines.
#pragma once

#include "elementwise/scalar/arithmetic.h"
#include "elementwise/scalar/conversion.h"
#include "elementwise/scalar/functions.h"
#include "elementwise/scalar/random.h"
#include "elementwise/scalar/representation.h"
