// c10d's group over what connects GPUs, where libtorch has NCCL and its headers are there.
#pragma once

#include <memory>

#include "distributed/c10d.h"

namespace brainstate {

// For tensors on cuda, a GPU for each process. Null if the library was built without NCCL.
std::unique_ptr<Group> make_nccl_group(const Meeting& meeting);

}  // namespace brainstate
