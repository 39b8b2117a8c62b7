// A plan: what is known before a program runs. Frames run it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <ATen/ATen.h>

#include "planning/lowering.h"

namespace brainstate {

class Frame;
class Plan;

// A unit that can run. Steps are shared by frames and hold nothing that a run changes.
class Step {
public:
    virtual ~Step() = default;
    virtual void run(Frame& frame) const = 0;

    // How many kernels it launches, roughly; infinitely many where only a run can tell, because the host looks at values meanwhile.
    virtual double launches(const Plan&) const { return 1; }
};

// A tensor that every frame makes of one of its storages.
struct TensorDraft {
    int storage;
    View view;
    DType dtype;
};

class Plan {
public:
    // Throws std::invalid_argument if an op is unknown or its parameters are wrong. The program may go afterwards. Given are the inputs that a run gives up.
    Plan(const Program& program, at::Device device, const std::vector<int>& given);

    const at::Device device;
    const std::vector<Spec> inputs;
    const std::vector<Spec> outputs;
    const std::vector<int64_t> input_bytes;
    const std::vector<int64_t> output_bytes;

    std::vector<Storage> storages;
    std::vector<int> input_storages;
    std::vector<int> output_storages;
    std::vector<at::Tensor> constants;
    std::vector<TensorDraft> tensors;
    std::vector<std::unique_ptr<Plan>> bodies;
    std::vector<std::unique_ptr<Step>> steps;
    std::vector<int> replaced;  // for each output the input that it may be written over, or −1
    int64_t arena_bytes = 0;
    int64_t workspace_bytes = 0;  // that a chain needs for each thread
    size_t most_addresses = 0;    // of a chain's inputs and outputs

    // Memory for intermediate values of one frame, those of its bodies included.
    int64_t temporary_bytes() const;
    // Those of all steps.
    double launches() const;

private:
    std::unique_ptr<Step> make_step(const Lowered& lowered, const Unit& unit);
    std::unique_ptr<Step> make_chain_step(const Lowered& lowered, const Unit& unit);
    std::unique_ptr<Step> make_kernel_step(const Lowered& lowered, const Unit& unit);
    int add_tensors(const Lowered& lowered, const std::vector<int>& values);
    int add_body(const Program& body);
};

}  // namespace brainstate
