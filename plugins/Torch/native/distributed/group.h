// Processes that run the same programs, each on a device of its own, and exchange tensors by libtorch's c10d.
#pragma once

#include <string>

#include <ATen/core/Tensor.h>

namespace brainstate {

enum class Reduction { Sum, Max, Min };

// All members come to the same calls in the same order, with tensors of the same dtype and shape. Tensors are dense and may lie on any device, of the same kind for all.
class Group {
public:
    virtual ~Group() = default;

    int rank = 0;
    int size = 1;

    // In place, over all members; float32, float64, int32 or int64.
    virtual void reduce(at::Tensor& x, Reduction how) = 0;
    // Everybody's x, in the order of the ranks, along a new first axis.
    virtual at::Tensor gather(const at::Tensor& x) = 0;
    // Sends x to one member, and returns what another one sent; −1 for none, which gives zeros.
    virtual at::Tensor exchange(const at::Tensor& x, int to, int from) = 0;
};

// The group of this process: itself alone, unless it joined others.
Group& own_group();

// Waits for the others, who meet at a file that all reach or at tcp://HOST:PORT, where the first one listens. Once per process, before its first program.
// A member that has not come, or does not answer, after so many seconds is an error. Throws std::runtime_error where the library was built with neither gloo nor NCCL.
void join_group(const std::string& meeting, int rank, int size, int64_t timeout_seconds);

}  // namespace brainstate
