// A frame whose runs are replays of a graph, once it has run a few times.
//
// A graph fixes the addresses of what it reads and writes, while every run has arguments and results of its own. So a captured frame has memory for them too: arguments are copied into it and
// results out of it, by a launch each. A graph for each tuple of addresses would save these copies, but there are few such tuples only while the allocator hands memory out in a strict turn, and
// that ends where arguments are freed by a garbage collector.
#pragma once

#include <mutex>
#include <string>

#include "graphs/copies.h"
#include "graphs/graph_library.h"
#include "planning/frame.h"

namespace brainstate {

// What the frames of a program agree on.
class Capturing {
public:
    // A frame is captured after so many runs; never if they are negative, if there is no library for the device, or if the plan cannot be.
    Capturing(const Plan& plan, int after);

    bool is_due(int runs) const { return library && runs >= after && !has_failed; }

    // For the arguments and results of one frame.
    int64_t bytes() const { return library ? total : 0; }

    // In a few words: off, never and why, waiting, captured, or failed and why.
    std::string state() const;

    // One frame has been captured.
    void succeed();
    // From now on the program runs as if there were no graphs.
    void give_up(const std::string& why);

    const GraphLibrary* library = nullptr;

private:
    const int after;
    int64_t total = 0;
    std::atomic<bool> has_failed = false;
    mutable std::mutex gate;
    std::string words = "off";
};

class GraphFrame {
public:
    GraphFrame(const Plan& plan, Capturing& capturing);
    ~GraphFrame();
    GraphFrame(const GraphFrame&) = delete;
    GraphFrame& operator=(const GraphFrame&) = delete;

    const volatile int32_t* cancel = nullptr;

    void set_input(int index, std::byte* address) { arguments[index].from = address; }
    void set_output(int index, std::byte* address) { results[index].to = address; }

    // Computes all outputs from the inputs; all have been set.
    void run();

private:
    Frame frame;
    Capturing& capturing;
    int runs = 0;
    at::DataPtr memory;  // of the graph's arguments and results
    bs_graph* graph = nullptr;
    std::vector<Copy> arguments, results;  // from and to those of the run
    std::string failure;

    void run_plainly();
    void capture();
    void replay();
    static int32_t record(void* context);
};

// How many programs have been captured, and why the last one could not be if there is such a one; a line.
std::string graphs_so_far();

}  // namespace brainstate
