#include "planning/steps.h"

namespace brainstate {

namespace {

// Sets what a body reads and writes of the carry in one step; from is where the last one left it.
void bind_carry(Frame& body, const Frame& frame, const std::vector<Carry>& carry, size_t first_input, const std::vector<std::byte*>& from, bool into_result) {
    for (size_t i = 0; i < carry.size(); i++) {
        body.set_input(static_cast<int>(first_input + i), from[i]);
        body.set_output(static_cast<int>(i), (into_result ? carry[i].result : carry[i].scratch).in(frame));
    }
}

std::vector<std::byte*> initial(const std::vector<Carry>& carry, const Frame& frame) {
    std::vector<std::byte*> addresses;
    for (const Carry& item : carry) addresses.push_back(item.initial.in(frame));
    return addresses;
}

void advance(std::vector<std::byte*>& from, const std::vector<Carry>& carry, const Frame& frame, bool into_result) {
    for (size_t i = 0; i < carry.size(); i++) from[i] = (into_result ? carry[i].result : carry[i].scratch).in(frame);
}

// The carry ends in its result.
void settle(const std::vector<std::byte*>& from, const std::vector<Carry>& carry, const Frame& frame) {
    for (size_t i = 0; i < carry.size(); i++) frame.copy(carry[i].result.in(frame), from[i], carry[i].bytes);
}

}  // namespace

void WhileStep::run(Frame& frame) const {
    Frame& test = *frame.bodies[condition];
    Frame& step = *frame.bodies[body];
    test.cancel = step.cancel = frame.cancel;
    for (size_t i = 0; i < condition_constants.size(); i++) test.set_input(static_cast<int>(i), condition_constants[i].in(frame));
    for (size_t i = 0; i < body_constants.size(); i++) step.set_input(static_cast<int>(i), body_constants[i].in(frame));
    test.set_output(0, flag.in(frame));
    std::vector<std::byte*> from = initial(carry, frame);
    for (bool into_result = true;; into_result = !into_result) {
        frame.check_canceled();
        for (size_t i = 0; i < carry.size(); i++) test.set_input(static_cast<int>(condition_constants.size() + i), from[i]);
        test.run();
        if (!frame.tensors[flag_tensor].item<bool>()) break;
        bind_carry(step, frame, carry, body_constants.size(), from, into_result);
        step.run();
        advance(from, carry, frame, into_result);
    }
    settle(from, carry, frame);
}

void ScanStep::run(Frame& frame) const {
    Frame& step = *frame.bodies[body];
    step.cancel = frame.cancel;
    for (size_t i = 0; i < constants.size(); i++) step.set_input(static_cast<int>(i), constants[i].in(frame));
    std::vector<std::byte*> from = initial(carry, frame);
    for (int64_t t = 0; t < length; t++) {
        frame.check_canceled();
        const int64_t position = reverse ? length - 1 - t : t;
        const bool into_result = (length - 1 - t) % 2 == 0;  // so that the last step writes the result
        bind_carry(step, frame, carry, constants.size(), from, into_result);
        for (size_t i = 0; i < inputs.size(); i++)
            step.set_input(static_cast<int>(constants.size() + carry.size() + i), inputs[i].whole.in(frame) + position * inputs[i].bytes);
        for (size_t i = 0; i < outputs.size(); i++) step.set_output(static_cast<int>(carry.size() + i), outputs[i].whole.in(frame) + position * outputs[i].bytes);
        step.run();
        advance(from, carry, frame, into_result);
    }
    settle(from, carry, frame);
}

}  // namespace brainstate
