// What the groups of c10d share: where their processes meet, and tensors as all of them take them.
#pragma once

#include <chrono>
#include <string>

#include <ATen/ATen.h>
#include <torch/csrc/distributed/c10d/Store.hpp>
#include <torch/csrc/distributed/c10d/Types.hpp>

#include "distributed/group.h"

namespace brainstate {

struct Meeting {
    c10::intrusive_ptr<c10d::Store> store;
    int rank, size;
    std::chrono::milliseconds timeout;
};

// Waits for the others.
Meeting meet(const std::string& place, int rank, int size, std::chrono::milliseconds timeout);

// What every process says about something, by rank; waits until all have.
std::vector<std::vector<uint8_t>> told_by_all(const Meeting& meeting, const std::string& about, const std::vector<uint8_t>& own);

// Of any dtype, in one line.
at::Tensor bytes_of(const at::Tensor& x);

c10d::ReduceOp::RedOpType reduction_of(Reduction how);

}  // namespace brainstate
