// c10d's group over sockets, where its headers are there.
#pragma once

#include <memory>

#include "distributed/group.h"

namespace brainstate {

std::unique_ptr<Group> join_by_gloo(const std::string& meeting, int rank, int size, int64_t timeout_seconds);

}  // namespace brainstate
