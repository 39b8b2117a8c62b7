#include "graphs/copies.h"

#include <algorithm>
#include <string>

#include "elementwise/cuda_driver.h"

namespace brainstate {

namespace {

constexpr int threads = 256;
constexpr int64_t bytes_per_block = threads * 16 * 4, most_blocks = 1024;

// As many as fit in the 4 KB that a kernel's arguments may have. They travel with the launch, so no table is written over while a launch before it still reads.
struct Batch {
    static constexpr size_t most = 160;
    Copy copies[most];
};

// Blocks take turns at the copies, and threads at the words of one.
const std::string source = R"(
struct Copy {
    const unsigned char* from;
    unsigned char* to;
    long long bytes;
};
struct Batch {
    Copy copies[)" + std::to_string(Batch::most) + R"(];
};
extern "C" __global__ void copy_batch(const Batch batch, const unsigned count) {
    const Copy& copy = batch.copies[blockIdx.x % count];
    const long long first = static_cast<long long>(blockIdx.x / count) * blockDim.x + threadIdx.x;
    const long long step = static_cast<long long>(gridDim.x / count) * blockDim.x;
    const long long words = copy.bytes / 16;
    for (long long i = first; i < words; i += step) reinterpret_cast<uint4*>(copy.to)[i] = reinterpret_cast<const uint4*>(copy.from)[i];
    for (long long i = 16 * words + first; i < copy.bytes; i += step) copy.to[i] = copy.from[i];
}
)";

void copy_on_cuda(const Copy* copies, size_t count, int device) {
    Batch batch;
    int64_t largest = 0;
    for (size_t i = 0; i < count; i++) {
        batch.copies[i] = copies[i];
        largest = std::max(largest, copies[i].bytes);
    }
    if (largest == 0) return;
    const int64_t blocks = std::min((largest + bytes_per_block - 1) / bytes_per_block, most_blocks);
    auto number = static_cast<unsigned>(count);
    void* arguments[] = {&batch, &number};
    cuda::kernel_of(source, "copy_batch", device).launch(blocks * static_cast<int64_t>(count), threads, arguments);
}

}  // namespace

void copy_all(const std::vector<Copy>& copies, c10::Device device) {
    if (device.is_cpu()) {
        for (const Copy& copy : copies) std::copy_n(copy.from, copy.bytes, copy.to);
        return;
    }
    for (size_t i = 0; i < copies.size(); i += Batch::most) copy_on_cuda(copies.data() + i, std::min(copies.size() - i, Batch::most), device.index());
}

}  // namespace brainstate
