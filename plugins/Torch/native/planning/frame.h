// A frame: the memory of one run of a plan at a time. Everything in it is made once; a run only sets the addresses of arguments and results.
#pragma once

#include <atomic>

#include "planning/plan.h"

namespace brainstate {

// What a run is stopped by.
struct Canceled : std::runtime_error {
    Canceled() : std::runtime_error("The run was canceled.") {}
};

class Frame {
public:
    explicit Frame(const Plan& plan);

    const Plan& plan;
    std::vector<std::byte*> addresses;            // of the storages
    std::vector<at::Tensor> tensors;
    std::vector<std::unique_ptr<Frame>> bodies;
    std::vector<void*> pointers;                  // of the inputs and outputs of the chain that runs
    at::DataPtr workspace;                        // of chains, for all threads
    const volatile int32_t* cancel = nullptr;

    void set_input(int index, std::byte* address) { set(plan.input_storages[index], address); }
    void set_output(int index, std::byte* address) { set(plan.output_storages[index], address); }

    // Computes all outputs from the inputs; both have been set.
    void run();

    // Throws Canceled if somebody asked for it.
    void check_canceled() const {
        if (cancel && *cancel) throw Canceled();
    }

    // Copies within the device's memory.
    void copy(std::byte* to, const std::byte* from, int64_t bytes) const;

private:
    at::DataPtr arena;
    int64_t workspace_bytes = 0;
    std::vector<at::Storage> storages;  // undefined where no tensor needs one

    void set(int storage, std::byte* address);
    void make_room_for_chains();
};

}  // namespace brainstate
