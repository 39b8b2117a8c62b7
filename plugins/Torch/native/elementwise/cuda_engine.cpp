#include "elementwise/cuda_engine.h"

#include "elementwise/cuda_driver.h"
#include "elementwise/cuda_source.h"

namespace brainstate {
namespace {

constexpr int most_arguments = 500;  // addresses in the 4 KB that a kernel's arguments may have

class CudaChain final : public Chain {
public:
    CudaChain(const ChainSpec& spec, int device) : count(count_of(spec.shape)), outputs(static_cast<int>(spec.outputs.size())) {
        for (const auto& input : spec.inputs) inputs += !input.is_literal;
        if (inputs + outputs > most_arguments) throw std::invalid_argument("a chain has too many inputs and outputs for a kernel");
        if (count == 0) return;
        const auto source = CudaSource::of(spec);
        per_block = static_cast<int64_t>(CudaSource::threads) * source.elements_per_thread;
        kernel = &cuda::kernel_of(source.text, CudaSource::name, device);
    }

    void run(const void* const* in, void* const* out, std::byte*) const override {
        if (count == 0) return;
        void* arguments[most_arguments];
        for (int i = 0; i < inputs; i++) arguments[i] = const_cast<const void**>(in + i);
        for (int i = 0; i < outputs; i++) arguments[inputs + i] = const_cast<void**>(out + i);
        kernel->launch((count + per_block - 1) / per_block, CudaSource::threads, arguments);
    }

private:
    int64_t count, per_block = 1;
    int inputs = 0, outputs;
    const cuda::Kernel* kernel = nullptr;
};

}  // namespace

std::unique_ptr<Chain> make_cuda_chain(const ChainSpec& spec, int device) { return std::make_unique<CudaChain>(spec, device); }

}  // namespace brainstate
