// random_bits: a block of elements for each key, made from the key and the position in the block.
#include <algorithm>

#include <ATen/Parallel.h>

#include "elementwise/cuda_driver.h"
#include "elementwise/kernels.h"
#include "ops/op.h"

namespace brainstate {
namespace {

struct Blocks {
    int64_t count;     // elements of all blocks
    int64_t per_key;   // of one
    int size;          // bytes of an element
};

void fill_part(const Blocks& blocks, const uint32_t* keys, std::byte* target, int64_t begin, int64_t end) {
    while (begin < end) {
        const int64_t block = begin / blocks.per_key, position = begin % blocks.per_key;
        const int64_t run = std::min(end - begin, blocks.per_key - position);
        kernels().fill_random(keys[2 * block], keys[2 * block + 1], position, run, blocks.size, target + begin * blocks.size);
        begin += run;
    }
}

Kernel on_cpu(Blocks blocks) {
    constexpr int64_t grain = 1 << 14;
    return [blocks](const at::Tensor* in, at::Tensor* out) {
        const auto keys = in[0].contiguous();
        const auto* words = static_cast<const uint32_t*>(keys.data_ptr());
        auto* target = static_cast<std::byte*>(out[0].data_ptr());
        if (blocks.count < 2 * grain) return fill_part(blocks, words, target, 0, blocks.count);
        at::parallel_for(0, blocks.count, grain, [&](int64_t begin, int64_t end) { fill_part(blocks, words, target, begin, end); });
    };
}

Kernel on_cuda(Blocks blocks, int device) {
    constexpr int threads = 256;
    const std::string element = blocks.size == 1 ? "u8" : blocks.size == 2 ? "u16" : blocks.size == 4 ? "u32" : "u64";
    const auto& kernel = cuda::kernel_of(
        "#include \"elementwise/scalar.h\"\n"
        "using namespace brainstate::portable;\n"
        "extern \"C\" __global__ void fill(u64 count, u64 per_key, const u32* keys, " + element + "* target) {\n"
        "    const u64 i = static_cast<u64>(blockIdx.x) * blockDim.x + threadIdx.x;\n"
        "    if (i >= count) return;\n"
        "    const u64 block = i / per_key;\n"
        "    target[i] = random_bits<" + element + ">(keys[2 * block], keys[2 * block + 1], i % per_key);\n"
        "}\n",
        "fill", device);
    return [blocks, &kernel](const at::Tensor* in, at::Tensor* out) {
        const auto keys = in[0].contiguous();
        auto [count, per_key, size] = blocks;
        void *words = keys.data_ptr(), *target = out[0].data_ptr();
        void* arguments[] = {&count, &per_key, &words, &target};
        kernel.launch((count + threads - 1) / threads, threads, arguments);
    };
}

Kernel make_random_bits(const OpSite& site) {
    const auto& output = site.outputs[0];
    const Blocks blocks{output.count(), count_of(site.parameters["shape"].ints()), static_cast<int>(size_of(output.dtype))};
    if (blocks.count == 0) return [](const at::Tensor*, at::Tensor*) {};
    return site.is_cpu() ? on_cpu(blocks) : on_cuda(blocks, site.device.index());
}

}  // namespace

const OpTable& random_ops() {
    static const OpTable table = {{"random_bits", make_random_bits}};
    return table;
}

}  // namespace brainstate
