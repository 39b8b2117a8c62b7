#include "graphs/graph_library.h"

#include <atomic>

#include "elementwise/cuda_driver.h"
#include "elementwise/dynamic_library.h"

namespace brainstate {

namespace {

std::atomic<const GraphLibrary*>& library_of(int kind) {
    static std::atomic<const GraphLibrary*> libraries[2];
    return libraries[kind];
}

}  // namespace

void load_graph_library(const std::string& path) {
    const DynamicLibrary file = DynamicLibrary::open(path);
    decltype(&bs_graph_device_kind) kind;
    file.bind(kind, "bs_graph_device_kind");
    decltype(&bs_graph_stream) stream;
    file.bind(stream, "bs_graph_stream");
    auto library = std::make_unique<GraphLibrary>();
    file.bind(library->error, "bs_graph_error");
    file.bind(library->capture, "bs_graph_capture");
    file.bind(library->replay, "bs_graph_replay");
    file.bind(library->destroy, "bs_graph_destroy");
    if (kind() == BS_CUDA) cuda::current_stream = stream;  // Kernels of chains belong into the graph, too.
    library_of(kind()) = library.release();
}

const GraphLibrary* graph_library(c10::Device device) { return library_of(device.is_cpu() ? BS_CPU : BS_CUDA); }

}  // namespace brainstate
