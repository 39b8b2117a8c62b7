#include "planning/steps.h"

#include <algorithm>

#include "memory/buffer.h"

namespace brainstate {

void ChainStep::run(Frame& frame) const {
    void** next = frame.pointers.data();
    for (const Address& input : inputs) *next++ = input.in(frame);
    for (const Address& output : outputs) *next++ = output.in(frame);
    chain->run(frame.pointers.data(), frame.pointers.data() + inputs.size(), static_cast<std::byte*>(frame.workspace.get()));
}

void KernelStep::run(Frame& frame) const {
    try {
        kernel(frame.tensors.data() + first_input, frame.tensors.data() + first_output);
    } catch (const c10::Error& problem) {
        if (is_out_of_memory(problem)) throw;
        throw std::runtime_error(op + ": " + problem.what_without_backtrace());
    }
}

void CondStep::run(Frame& frame) const {
    const auto wanted = frame.tensors[index].item<int32_t>();
    const int branch = branches[std::clamp(wanted, 0, static_cast<int32_t>(branches.size()) - 1)];
    Frame& body = *frame.bodies[branch];
    body.cancel = frame.cancel;
    for (size_t i = 0; i < operands.size(); i++) body.set_input(static_cast<int>(i), operands[i].in(frame));
    for (size_t i = 0; i < results.size(); i++) body.set_output(static_cast<int>(i), results[i].in(frame));
    body.run();
}

}  // namespace brainstate
