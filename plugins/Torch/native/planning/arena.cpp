#include "planning/arena.h"

#include <algorithm>
#include <map>

namespace brainstate {

namespace {

int64_t aligned(int64_t bytes) { return (bytes + memory_alignment - 1) / memory_alignment * memory_alignment; }

// Free ranges by address; the arena grows when none is large enough.
class Ranges {
public:
    int64_t size = 0;

    int64_t take(int64_t bytes) {
        auto best = free.end();
        for (auto range = free.begin(); range != free.end(); ++range)
            if (range->second >= bytes && (best == free.end() || range->second < best->second)) best = range;
        if (best == free.end()) {
            // The last free range, if it ends where the arena does, grows with it.
            auto last = free.empty() ? free.end() : std::prev(free.end());
            const int64_t address = last != free.end() && last->first + last->second == size ? last->first : size;
            if (address != size) free.erase(last);
            size = address + bytes;
            return address;
        }
        const auto [address, length] = *best;
        free.erase(best);
        if (length > bytes) free[address + bytes] = length - bytes;
        return address;
    }

    void give(int64_t address, int64_t bytes) {
        if (bytes == 0) return;
        auto next = free.lower_bound(address);
        if (next != free.end() && address + bytes == next->first) {
            bytes += next->second;
            next = free.erase(next);
        }
        if (next != free.begin()) {
            auto previous = std::prev(next);
            if (previous->first + previous->second == address) {
                previous->second += bytes;
                return;
            }
        }
        free[address] = bytes;
    }

private:
    std::map<int64_t, int64_t> free;
};

}  // namespace

bool may_write_over(const Lowered& lowered, const Unit& unit, int storage, const Location& result) {
    return std::all_of(unit.operands.begin(), unit.operands.end(), [&](int value) {
        const Location& operand = lowered.values[value];
        return operand.storage != storage || (operand.view.shape == result.view.shape && operand.view.is_dense() && operand.view.offset == 0
                                              && size_of(operand.dtype) == size_of(result.dtype));
    });
}

int64_t lay_out(Lowered& lowered) {
    std::vector<std::vector<int>> ending(lowered.units.size());
    for (size_t i = 0; i < lowered.storages.size(); i++)
        if (lowered.storages[i].place == Place::Temporary && lowered.storages[i].last >= 0) ending[lowered.storages[i].last].push_back(static_cast<int>(i));
    Ranges ranges;
    for (size_t u = 0; u < lowered.units.size(); u++) {
        const Unit& unit = lowered.units[u];
        std::vector<int> starting;
        for (const int value : unit.results) starting.push_back(lowered.values[value].storage);
        starting.insert(starting.end(), unit.scratch.begin(), unit.scratch.end());
        for (size_t i = 0; i < starting.size(); i++) {
            Storage& storage = lowered.storages[starting[i]];
            if (storage.place != Place::Temporary) continue;
            auto& over = ending[u];
            const auto heir = !unit.chain ? over.end() : std::find_if(over.begin(), over.end(), [&](int old) {
                const Storage& candidate = lowered.storages[old];
                return candidate.first < static_cast<int>(u) && aligned(candidate.bytes) == aligned(storage.bytes)
                    && may_write_over(lowered, unit, old, lowered.values[unit.results[i]]);
            });
            if (heir == over.end()) {
                storage.address = ranges.take(aligned(storage.bytes));
                continue;
            }
            storage.address = lowered.storages[*heir].address;
            over.erase(heir);
        }
        for (const int old : ending[u]) ranges.give(lowered.storages[old].address, aligned(lowered.storages[old].bytes));
    }
    return ranges.size;
}

}  // namespace brainstate
