// CUDA graphs by libtorch, which lets its allocator know, so that what ATen allocates while it is captured stays the graph's.
#include "graphs/graphs.h"

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include <ATen/cuda/CUDAGraph.h>
#include <c10/core/StreamGuard.h>
#include <c10/cuda/CUDAFunctions.h>
#include <c10/cuda/CUDAStream.h>
#include <torch/version.h>

struct bs_graph {
    at::cuda::CUDAGraph graph;
};

namespace {

thread_local std::string last_error;

template <class F>
bs_status guarded(F action) noexcept {
    try {
        action();
        return BS_OK;
    } catch (const c10::Error& problem) {
        last_error = problem.what_without_backtrace();
    } catch (const std::exception& problem) {
        last_error = problem.what();
    }
    return BS_ERROR;
}

// One for each device, because libtorch keeps a workspace of BLAS for every stream.
c10::Stream capture_stream(c10::DeviceIndex device) {
    static auto& streams = *new std::map<c10::DeviceIndex, c10::Stream>;
    const auto found = streams.find(device);
    return found != streams.end() ? found->second : streams.emplace(device, c10::cuda::getStreamFromPool(false, device).unwrap()).first->second;
}

void begin(at::cuda::CUDAGraph& graph) {
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 1)
    graph.capture_begin({0, 0}, cudaStreamCaptureModeThreadLocal);  // Other threads go on as they please.
#else
    graph.capture_begin();
#endif
}

void require(int32_t recorded) {
    if (recorded != 0) throw std::runtime_error("the work to be captured failed");
}

}  // namespace

bs_device_kind bs_graph_device_kind(void) { return BS_CUDA; }

const char* bs_graph_error(void) { return last_error.c_str(); }

bs_status bs_graph_capture(int32_t device, bs_record record, void* context, bs_graph** result) {
    return guarded([&] {
        static std::mutex gate;
        const std::lock_guard lock(gate);
        const c10::StreamGuard guard(capture_stream(static_cast<c10::DeviceIndex>(device)));
        // What the work reads comes from another stream, and what it sets up is used by others later.
        c10::cuda::device_synchronize();
        require(record(context));
        c10::cuda::device_synchronize();
        auto own = std::make_unique<bs_graph>();
        begin(own->graph);
        const int32_t recorded = record(context);
        own->graph.capture_end();
        require(recorded);
        *result = own.release();
    });
}

bs_status bs_graph_replay(bs_graph* graph) {
    return guarded([&] { graph->graph.replay(); });
}

void bs_graph_destroy(bs_graph* graph) { delete graph; }

void* bs_graph_stream(int32_t device) { return c10::cuda::getCurrentCUDAStream(static_cast<c10::DeviceIndex>(device)).stream(); }
