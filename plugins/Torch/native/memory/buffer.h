// Counted memory on a device: what the .NET side holds as a tensor's buffer.
#pragma once

#include <atomic>
#include <cstddef>
#include <stdexcept>
#include <string>

#include <c10/core/Allocator.h>
#include <c10/util/Exception.h>

namespace brainstate {

// Memory of a device that is kept and reused. On cpu blocks come from pools of their own, because libtorch's CPU allocator keeps none and fresh pages cost ten times what filling them does.
// Throws OutOfMemory.
c10::DataPtr allocate(c10::Device device, int64_t bytes);

struct MemoryInUse {
    int64_t in_use;    // by buffers and frames
    int64_t reserved;  // with what is kept for reuse (cpu only; elsewhere libtorch's allocator keeps it)
};
MemoryInUse memory_of(c10::Device device);

// Whether libtorch failed for want of memory; on cpu only the text tells.
bool is_out_of_memory(const c10::Error& problem);

struct OutOfMemory : std::runtime_error {
    OutOfMemory(int64_t bytes, const std::string& what) : std::runtime_error(what), bytes(bytes) {}
    int64_t bytes;
};

}  // namespace brainstate

struct bs_buffer {
    bs_buffer(c10::DataPtr data, c10::Device device, int64_t bytes) : data(std::move(data)), device(device), bytes(bytes) {}

    std::byte* address() const { return static_cast<std::byte*>(data.get()); }

    void retain() { references.fetch_add(1, std::memory_order_relaxed); }
    void release() {
        if (references.fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;
    }

    c10::DataPtr data;
    const c10::Device device;
    const int64_t bytes;

private:
    std::atomic<int> references{1};
};
