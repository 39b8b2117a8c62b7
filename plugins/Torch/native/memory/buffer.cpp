#include "memory/buffer.h"

#include <array>
#include <bit>
#include <cstdlib>
#include <map>
#include <mutex>
#include <vector>

#include <sys/mman.h>
#include <unistd.h>

#include <ATen/ATen.h>
#include <c10/core/Device.h>

namespace brainstate {

namespace {

constexpr int64_t alignment = 64, huge_page = int64_t{2} << 20;

// Sizes are rounded up to one of four steps per power of two, so that a block serves tensors of nearly its size.
int64_t rounded(int64_t bytes) {
    if (bytes <= alignment) return alignment;
    const int64_t step = std::max<int64_t>(alignment, static_cast<int64_t>(std::bit_floor(static_cast<uint64_t>(bytes - 1))) / 4);
    return (bytes + step - 1) / step * step;
}

class HostPool {
public:
    void* take(int64_t bytes) {
        {
            const std::lock_guard lock(gate);
            if (auto& blocks = free[bytes]; !blocks.empty()) {
                void* block = blocks.back();
                blocks.pop_back();
                in_use += bytes;
                return block;
            }
        }
        void* block = fresh(bytes);
        if (!block) {
            trim();
            block = fresh(bytes);
        }
        if (!block) throw OutOfMemory(bytes, "The host has no " + std::to_string(bytes) + " bytes of memory left.");
        const std::lock_guard lock(gate);
        in_use += bytes;
        reserved += bytes;
        return block;
    }

    void give(void* block, int64_t bytes) {
        {
            const std::lock_guard lock(gate);
            in_use -= bytes;
            if (reserved <= most) {
                free[bytes].push_back(block);
                return;
            }
            reserved -= bytes;
        }
        std::free(block);
    }

    MemoryInUse state() {
        const std::lock_guard lock(gate);
        return {in_use, reserved};
    }

private:
    std::mutex gate;
    std::map<int64_t, std::vector<void*>> free;
    int64_t in_use = 0, reserved = 0;
    const int64_t most = static_cast<int64_t>(sysconf(_SC_PHYS_PAGES)) * sysconf(_SC_PAGESIZE) / 4;

    static void* fresh(int64_t bytes) {
        const bool is_huge = bytes >= huge_page;
        void* block = nullptr;
        if (posix_memalign(&block, static_cast<size_t>(is_huge ? huge_page : alignment), static_cast<size_t>(bytes)) != 0) return nullptr;
        if (is_huge) madvise(block, static_cast<size_t>(bytes), MADV_HUGEPAGE);
        return block;
    }

    void trim() {
        const std::lock_guard lock(gate);
        for (auto& [bytes, blocks] : free) {
            for (void* block : blocks) std::free(block);
            reserved -= bytes * static_cast<int64_t>(blocks.size());
        }
        free.clear();
    }
};

// Never destroyed: buffers may be released while the process ends.
HostPool& pool() {
    static HostPool& instance = *new HostPool;
    return instance;
}

struct HostBlock {
    void* address;
    int64_t bytes;
};

std::array<std::atomic<int64_t>, 64> device_bytes;

struct DeviceBlock {
    c10::DataPtr data;
    int64_t bytes;
};

c10::DataPtr allocate_on_device(c10::Device device, int64_t bytes) {
    try {
        // The first tensor makes libtorch set up its allocators.
        static const at::Tensor first = at::empty({1}, at::TensorOptions().device(device));
        auto block = std::make_unique<DeviceBlock>(DeviceBlock{c10::GetAllocator(device.type())->allocate(static_cast<size_t>(bytes)), bytes});
        device_bytes[device.index()] += bytes;
        void* address = block->data.get();
        return {address, block.release(), [](void* context) {
                    const std::unique_ptr<DeviceBlock> own(static_cast<DeviceBlock*>(context));
                    device_bytes[own->data.device().index()] -= own->bytes;
                }, device};
    } catch (const c10::OutOfMemoryError& problem) {
        throw OutOfMemory(bytes, problem.what_without_backtrace());
    }
}

}  // namespace

c10::DataPtr allocate(c10::Device device, int64_t bytes) {
    if (!device.is_cpu()) return allocate_on_device(device, bytes);
    auto block = std::make_unique<HostBlock>(HostBlock{nullptr, rounded(bytes)});
    void* const address = block->address = pool().take(block->bytes);
    return {address, block.release(), [](void* context) {
                const std::unique_ptr<HostBlock> own(static_cast<HostBlock*>(context));
                pool().give(own->address, own->bytes);
            }, device};
}

bool is_out_of_memory(const c10::Error& problem) {
    return dynamic_cast<const c10::OutOfMemoryError*>(&problem) || problem.msg().find("can't allocate memory") != std::string::npos;
}

MemoryInUse memory_of(c10::Device device) {
    if (device.is_cpu()) return pool().state();
    const int64_t bytes = device_bytes[device.index()];
    return {bytes, bytes};
}

}  // namespace brainstate
