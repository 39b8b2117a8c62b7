// The group of several processes, by whatever carries the tensors of a device.
#pragma once

#include <memory>

#include "distributed/c10d.h"

namespace brainstate {

// Throws std::runtime_error where the library was built with nothing that carries tensors.
std::unique_ptr<Group> make_group(Meeting meeting);

}  // namespace brainstate
