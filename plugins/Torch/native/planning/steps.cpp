#include "planning/steps.h"

#include <algorithm>

#include "memory/buffer.h"

namespace brainstate {

namespace {

constexpr size_t few = 32;

// Addresses for one call, on the stack if they are few.
class AddressList {
public:
    AddressList(const std::vector<Address>& places, const Frame& frame) {
        if (places.size() > few) many.resize(places.size());
        pointers = many.empty() ? some : many.data();
        for (size_t i = 0; i < places.size(); i++) pointers[i] = places[i].in(frame);
    }
    AddressList(const AddressList&) = delete;
    AddressList& operator=(const AddressList&) = delete;

    void** data() { return pointers; }

private:
    void* some[few];
    std::vector<void*> many;
    void** pointers;
};

}  // namespace

void ChainStep::run(Frame& frame) const {
    AddressList in(inputs, frame), out(outputs, frame);
    chain->run(in.data(), out.data());
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
