// c10d's group over sockets, where its headers are there.
#pragma once

#include <memory>

#include "distributed/c10d.h"

namespace brainstate {

// Null if the library was built without gloo.
std::unique_ptr<Group> make_gloo_group(const Meeting& meeting);

}  // namespace brainstate
