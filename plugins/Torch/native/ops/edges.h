// What an attribute of a composite says about the edges of its images.
#pragma once

#include <algorithm>

#include "program/program.h"

namespace brainstate {

struct Edges {
    Dims low, high;

    explicit Edges(const Value& padding) {
        for (const Value& pair : padding.tuple()) {
            low.push_back(pair.tuple()[0].integer());
            high.push_back(pair.tuple()[1].integer());
        }
    }

    bool is_symmetric() const { return low == high && are_within(low, INT64_MAX); }

    // Whether no window lies over padding alone, and nothing is cut off.
    bool are_covered_by(const Dims& windows) const {
        for (size_t i = 0; i < windows.size(); i++)
            if (!are_within({low[i], high[i]}, windows[i] - 1)) return false;
        return true;
    }

private:
    static bool are_within(const Dims& edges, int64_t most) {
        return std::all_of(edges.begin(), edges.end(), [=](int64_t edge) { return edge >= 0 && edge <= most; });
    }
};

}  // namespace brainstate
