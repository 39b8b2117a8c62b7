#include "planning/updates.h"

#include <algorithm>

#include "planning/arena.h"

namespace brainstate {

namespace {

// For each storage whether it is an input that the run gives up.
std::vector<bool> given_storages(const Lowered& lowered, const std::vector<int>& given) {
    std::vector<bool> is_given;
    for (const Storage& storage : lowered.storages)
        is_given.push_back(storage.place == Place::Input && std::find(given.begin(), given.end(), storage.index) != given.end());
    return is_given;
}

// The first storage among those the unit reads that a result may be written over, or −1.
template <class F>
int replaced_by(const Lowered& lowered, const Unit& unit, int result, F is_free) {
    const Location& location = lowered.values[result];
    const Storage& storage = lowered.storages[location.storage];
    if (!unit.chain || storage.place != Place::Output || storage.bytes == 0) return -1;
    for (const int operand : unit.operands) {
        const int old = lowered.values[operand].storage;
        if (is_free(old) && lowered.storages[old].bytes == storage.bytes && may_write_over(lowered, unit, old, location)) return old;
    }
    return -1;
}

bool can_fail(const Lowered& lowered, const Unit& unit) {
    return unit.kind != Unit::Chain && !(unit.kind == Unit::Copy && lowered.values[unit.operands[0]].view.is_dense());
}

}  // namespace

void move_updates_last(Lowered& lowered, const std::vector<int>& given) {
    if (given.empty()) return;
    const std::vector<bool> is_given = given_storages(lowered, given);
    const auto count = static_cast<int>(lowered.units.size());
    const auto any = [&](const std::vector<int>& values, const std::vector<bool>& storages) {
        return std::any_of(values.begin(), values.end(), [&](int value) { return storages[lowered.values[value].storage]; });
    };
    std::vector<bool> may_be_last(count), is_awaited(lowered.storages.size());
    for (int u = count - 1; u >= 0; u--) {
        const Unit& unit = lowered.units[u];
        may_be_last[u] = !can_fail(lowered, unit) && !any(unit.results, is_awaited);
        if (may_be_last[u]) continue;
        for (const int operand : unit.operands) is_awaited[lowered.values[operand].storage] = true;
    }
    std::vector<bool> is_last(count), is_late(lowered.storages.size());
    for (int u = 0; u < count; u++) {
        const Unit& unit = lowered.units[u];
        const auto is_update = [&](int result) { return replaced_by(lowered, unit, result, [&](int old) { return is_given[old]; }) >= 0; };
        is_last[u] = may_be_last[u] && (any(unit.operands, is_late) || std::any_of(unit.results.begin(), unit.results.end(), is_update));
        if (!is_last[u]) continue;
        for (const int result : unit.results) is_late[lowered.values[result].storage] = true;
    }

    std::vector<Unit> ordered;
    std::vector<int> places(count);
    for (const bool last : {false, true})
        for (int u = 0; u < count; u++) {
            if (is_last[u] != last) continue;
            places[u] = static_cast<int>(ordered.size());
            ordered.push_back(std::move(lowered.units[u]));
        }
    lowered.units = std::move(ordered);
    for (Location& value : lowered.values)
        if (value.unit >= 0) value.unit = places[value.unit];
}

std::vector<int> replaced_inputs(const Lowered& lowered, const std::vector<int>& given, size_t output_count) {
    std::vector<int> replaced(output_count, -1);
    if (given.empty()) return replaced;
    std::vector<bool> is_free = given_storages(lowered, given);
    // Only what is at the end: after that nothing can fail.
    size_t first = lowered.units.size();
    while (first > 0 && !can_fail(lowered, lowered.units[first - 1])) first--;
    for (size_t u = first; u < lowered.units.size(); u++) {
        const Unit& unit = lowered.units[u];
        for (const int result : unit.results) {
            const int old = replaced_by(lowered, unit, result, [&](int storage) { return is_free[storage] && lowered.storages[storage].last == static_cast<int>(u); });
            if (old < 0) continue;
            is_free[old] = false;
            replaced[lowered.storages[lowered.values[result].storage].index] = lowered.storages[old].index;
        }
    }
    return replaced;
}

}  // namespace brainstate
