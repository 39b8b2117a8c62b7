#include "graphs/graph_frame.h"

#include <cmath>

#include "memory/buffer.h"
#include "planning/arena.h"

namespace brainstate {

namespace {

// Loops are unrolled into a graph. More than these take seconds to capture, and the time that one launch saves no longer matters.
constexpr double most_launches = 20000;

// For people who look at the device.
struct Tally {
    std::mutex gate;
    int captured = 0, failed = 0;
    std::string last_failure;
};

Tally& tally() {
    static Tally& instance = *new Tally;
    return instance;
}

int64_t aligned(int64_t bytes) { return (bytes + memory_alignment - 1) / memory_alignment * memory_alignment; }

}  // namespace

Capturing::Capturing(const Plan& plan, int after) : after(after) {
    const GraphLibrary* const found = graph_library(plan.device);
    if (after < 0 || !found) return;
    const double launches = plan.launches();
    if (launches < 1 || launches > most_launches) {
        words = launches < 1 ? "never: it launches nothing" : std::isinf(launches) ? "never: the host looks at values while it runs" : "never: it launches too much";
        return;
    }
    library = found;
    words = "waiting";
    for (const int64_t bytes : plan.input_bytes) total += aligned(bytes);
    for (const int64_t bytes : plan.output_bytes) total += aligned(bytes);
}

std::string Capturing::state() const {
    const std::lock_guard lock(gate);
    return words;
}

void Capturing::succeed() {
    const std::lock_guard lock(gate), also(tally().gate);
    if (words != "waiting") return;  // The program has several frames.
    words = "captured";
    tally().captured++;
}

void Capturing::give_up(const std::string& why) {
    has_failed = true;
    const std::lock_guard lock(gate), also(tally().gate);
    const std::string line = why.substr(0, why.find('\n'));
    words = "failed: " + line;
    tally().failed++;
    tally().last_failure = line;
}

GraphFrame::GraphFrame(const Plan& plan, Capturing& capturing) : frame(plan), capturing(capturing) {
    for (const int64_t bytes : plan.input_bytes) arguments.push_back({nullptr, nullptr, bytes});
    for (const int64_t bytes : plan.output_bytes) results.push_back({nullptr, nullptr, bytes});
}

GraphFrame::~GraphFrame() {
    if (graph) capturing.library->destroy(graph);
}

void GraphFrame::run() {
    if (!graph && capturing.is_due(runs)) capture();
    if (graph) replay();
    else run_plainly();
}

void GraphFrame::run_plainly() {
    frame.cancel = cancel;
    for (size_t i = 0; i < arguments.size(); i++) frame.set_input(static_cast<int>(i), const_cast<std::byte*>(arguments[i].from));
    for (size_t i = 0; i < results.size(); i++) frame.set_output(static_cast<int>(i), results[i].to);
    frame.run();
    runs++;
}

void GraphFrame::capture() {
    try {
        memory = allocate(frame.plan.device, capturing.bytes());
        auto* place = static_cast<std::byte*>(memory.get());
        frame.cancel = nullptr;
        for (size_t i = 0; i < arguments.size(); place += aligned(arguments[i++].bytes)) {
            arguments[i].to = place;
            frame.set_input(static_cast<int>(i), place);
        }
        for (size_t i = 0; i < results.size(); place += aligned(results[i++].bytes)) {
            results[i].from = place;
            frame.set_output(static_cast<int>(i), place);
        }
        copy_all(arguments, frame.plan.device);
        if (capturing.library->capture(frame.plan.device.index(), &GraphFrame::record, this, &graph) == BS_OK) return capturing.succeed();
        capturing.give_up(failure.empty() ? capturing.library->error() : failure);
    } catch (const std::exception& problem) {
        capturing.give_up(problem.what());
    }
    memory.clear();
}

int32_t GraphFrame::record(void* context) {
    auto& own = *static_cast<GraphFrame*>(context);
    try {
        own.frame.run();
        return 0;
    } catch (const std::exception& problem) {
        own.failure = problem.what();
        return 1;
    }
}

void GraphFrame::replay() {
    if (cancel && *cancel) throw Canceled();
    copy_all(arguments, frame.plan.device);
    if (capturing.library->replay(graph) != BS_OK) throw std::runtime_error(capturing.library->error());
    copy_all(results, frame.plan.device);
}

std::string graphs_so_far() {
    const std::lock_guard lock(tally().gate);
    std::string text = std::to_string(tally().captured) + " programs as graphs";
    if (tally().failed > 0) text += "; " + std::to_string(tally().failed) + " could not be captured, the last because of: " + tally().last_failure;
    return text;
}

}  // namespace brainstate
