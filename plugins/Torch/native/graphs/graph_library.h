// The library that captures graphs for a kind of device, where one is loaded.
#pragma once

#include <string>

#include <c10/core/Device.h>

#include "graphs/graphs.h"

namespace brainstate {

struct GraphLibrary {
    decltype(&bs_graph_error) error;
    decltype(&bs_graph_capture) capture;
    decltype(&bs_graph_replay) replay;
    decltype(&bs_graph_destroy) destroy;
};

// Throws std::runtime_error if it cannot be loaded. It stays for good.
void load_graph_library(const std::string& path);

// That for a device; null if there is none.
const GraphLibrary* graph_library(c10::Device device);

}  // namespace brainstate
