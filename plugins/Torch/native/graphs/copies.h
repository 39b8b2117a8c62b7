// Many copies within a device's memory, by one launch.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <c10/core/Device.h>

namespace brainstate {

struct Copy {
    const std::byte* from;
    std::byte* to;
    int64_t bytes;
};

// Addresses are multiples of 16.
void copy_all(const std::vector<Copy>& copies, c10::Device device);

}  // namespace brainstate
