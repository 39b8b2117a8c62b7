#include "elementwise/tile_program.h"

#include <algorithm>

#include "elementwise/tile_moves.h"

namespace brainstate {
namespace {

// Bytes. What a chain works on at a time shall fit into the first cache, but a tile must be worth the call of an instruction.
constexpr int64_t first_cache = 32768, largest_tile = 8192, smallest_tile = 2048;

// A register before its number is known. Values are the results of instructions of the body.
struct Place {
    enum Kind { None, Input, Output, Literal, Uniform, Value } kind = None;
    int index = 0;
    int size = 0;

    bool is_uniform = false;
    const Strided* strided = nullptr;  // of an input that must be loaded
};

struct Draft {
    TileKernel kernel;
    Place result;
    Place operands[3];
    uint64_t parameter = 0;
    bool is_load = false;  // from an input that no output lies on, because it is not dense
};

class TileCompiler {
public:
    explicit TileCompiler(const ChainSpec& spec) : spec(spec), code(lower(spec)) {}

    TileProgram run();

private:
    void place_inputs();
    void translate(size_t i);
    void place_outputs();
    bool reads_inputs_after(size_t position, int size) const;
    void allocate();
    uint16_t number_of(const Place& place) const;
    Instruction finished(const Draft& draft) const;

    Place new_value(int size) {
        defined_at.push_back(body.size());
        return {Place::Value, static_cast<int>(defined_at.size()) - 1, size};
    }

    Place append(TileKernel kernel, int size, Place operand, uint64_t parameter = 0) {
        const auto result = new_value(size);
        body.push_back({kernel, result, {operand, {}, {}}, parameter});
        return result;
    }

    const ChainSpec& spec;
    const Code code;
    TileProgram program{};
    std::vector<Place> inputs;        // of the chain; those that are literals have none
    std::vector<Place> places;        // of the nodes
    std::vector<Draft> uniform, body;
    std::vector<size_t> defined_at;   // for each value, the instruction of the body
    std::vector<Place> homes;         // for each value, where it is
};

void TileCompiler::place_inputs() {
    for (const auto& input : spec.inputs) {
        if (input.is_literal) {
            inputs.push_back({});
            continue;
        }
        const int size = static_cast<int>(size_of(input.dtype));
        const auto strided = Strided::of(spec.shape, input.strides);
        Place place{Place::Input, program.inputs++, size, strided.is_uniform()};
        if (!place.is_uniform && !strided.is_dense()) {
            if (strided.rank() > 64) throw std::invalid_argument("an input of a chain has more than 64 axes");
            program.strided.push_back(strided);
            place.strided = &program.strided.back();
        }
        inputs.push_back(place);
    }
}

void TileCompiler::translate(size_t i) {
    const auto& node = code.nodes[i];
    const int size = size_of(node.lane);
    program.widest = std::max(program.widest, size);
    switch (node.primitive) {
        case Primitive::Input: {
            auto place = inputs[node.parameter];
            if (place.strided != nullptr) {
                place = append(load_of(size), size, place, reinterpret_cast<uint64_t>(place.strided));
                body.back().is_load = true;
            }
            places.push_back(place);
            return;
        }
        case Primitive::Literal:
            places.push_back({Place::Literal, static_cast<int>(program.literals.size()), size, true});
            program.literals.push_back(node.parameter);
            return;
        case Primitive::Iota:
            program.counting.push_back(Counting::of(spec.shape, static_cast<int64_t>(node.parameter)));
            places.push_back(append(counting_of(node.lane), size, {}, reinterpret_cast<uint64_t>(&program.counting.back())));
            program.cost++;
            return;
        case Primitive::Bits:
            places.push_back(places[node.operands[0]]);
            return;
        default: break;
    }

    const Lane lane = code.nodes[node.operands[node.primitive == Primitive::Select ? 1 : 0]].lane;
    Draft draft{kernels().find(node.primitive, lane, node.lane), {}, {}, node.parameter};
    if (draft.kernel == nullptr) throw std::invalid_argument(std::string(name_of(node.primitive)) + " is not defined on " + name_of(lane));
    bool is_uniform = true;
    for (int k = 0; k < 3 && node.operands[k] >= 0; k++) {
        draft.operands[k] = places[node.operands[k]];
        is_uniform &= draft.operands[k].is_uniform;
    }
    if (is_uniform) {
        draft.result = {Place::Uniform, program.uniforms++, size, true};
        uniform.push_back(draft);
    } else {
        draft.result = new_value(size);
        body.push_back(draft);
        program.cost += cost_of(node.primitive, lane);
    }
    places.push_back(draft.result);
}

// An output may lie on an input that has elements as wide.
bool TileCompiler::reads_inputs_after(size_t position, int size) const {
    for (size_t i = position + 1; i < body.size(); i++)
        for (const auto& operand : body[i].operands)
            if (operand.kind == Place::Input && operand.size == size && !body[i].is_load) return true;
    return false;
}

// A value is made where it shall be stored if nothing that it may overwrite is needed later, and copied there at the end otherwise.
void TileCompiler::place_outputs() {
    std::vector<Place> results;
    std::vector<bool> is_taken;
    for (int output : code.outputs) {
        auto place = places[output];
        is_taken.resize(defined_at.size());
        if (place.is_uniform) place = append(splat_of(place.size), place.size, place);
        else if (place.kind != Place::Value || is_taken[place.index]) place = append(copy_of(place.size), place.size, place);
        is_taken.resize(defined_at.size());
        is_taken[place.index] = true;
        results.push_back(place);
    }

    homes.resize(defined_at.size());
    const size_t end = body.size();
    for (size_t i = 0; i < results.size(); i++) {
        const Place value = results[i], output{Place::Output, static_cast<int>(i), value.size};
        if (reads_inputs_after(defined_at[value.index], value.size)) body.push_back({copy_of(value.size), output, {value, {}, {}}});
        else homes[value.index] = output;
        program.cost += body.size() > end;
    }
}

// Tiles that hold no value any more are used again. An instruction may write to the tile of an operand only if its elements are as wide.
void TileCompiler::allocate() {
    std::vector<size_t> last_use(defined_at.size());
    for (size_t i = 0; i < body.size(); i++)
        for (const auto& operand : body[i].operands)
            if (operand.kind == Place::Value) last_use[operand.index] = i;

    std::vector<int> free;
    for (size_t i = 0; i < body.size(); i++) {
        auto& draft = body[i];
        const auto release = [&](bool as_wide) {
            for (auto& operand : draft.operands) {
                if (operand.kind != Place::Value || last_use[operand.index] != i || (operand.size == draft.result.size) != as_wide) continue;
                const auto home = homes[operand.index];
                if (home.kind == Place::Value && std::find(free.begin(), free.end(), home.index) == free.end()) free.push_back(home.index);
            }
        };
        release(true);
        if (draft.result.kind == Place::Value && homes[draft.result.index].kind == Place::None) {
            if (free.empty()) free.push_back(program.tiles++);
            homes[draft.result.index] = {Place::Value, free.back(), draft.result.size};
            free.pop_back();
        }
        release(false);
    }
}

uint16_t TileCompiler::number_of(const Place& place) const {
    const Place& home = place.kind == Place::Value ? homes[place.index] : place;
    int number = home.index;
    if (home.kind >= Place::Output) number += program.inputs;
    if (home.kind >= Place::Literal) number += program.outputs;
    if (home.kind >= Place::Uniform) number += static_cast<int>(program.literals.size());
    if (home.kind >= Place::Value) number += program.uniforms;
    return static_cast<uint16_t>(number);
}

Instruction TileCompiler::finished(const Draft& draft) const {
    Instruction result{draft.kernel, number_of(draft.result), {}, 0, draft.parameter};
    bool is_uniform = true;
    for (int k = 0; k < 3; k++) {
        if (draft.operands[k].kind == Place::None) continue;
        result.operands[k] = number_of(draft.operands[k]);
        if (draft.operands[k].is_uniform) result.uniform |= static_cast<uint8_t>(1 << k);
        else is_uniform = false;
    }
    if (is_uniform) result.uniform = 0;  // On one element all operands are alike.
    return result;
}

TileProgram TileCompiler::run() {
    program.count = count_of(spec.shape);
    program.outputs = static_cast<int>(spec.outputs.size());
    place_inputs();
    for (size_t i = 0; i < code.nodes.size(); i++) translate(i);
    place_outputs();
    allocate();
    if (program.registers() > UINT16_MAX) throw std::invalid_argument("a chain has too many values");

    for (const auto& draft : uniform) program.uniform.push_back(finished(draft));
    for (const auto& draft : body) program.body.push_back(finished(draft));
    for (const auto& place : inputs)
        if (place.kind == Place::Input && !place.is_uniform && place.strided == nullptr) program.advancing.emplace_back(number_of(place), static_cast<uint16_t>(place.size));
    for (size_t i = 0; i < code.outputs.size(); i++) {
        const Place output{Place::Output, static_cast<int>(i), size_of(code.nodes[code.outputs[i]].lane)};
        program.advancing.emplace_back(number_of(output), static_cast<uint16_t>(output.size));
    }
    const int64_t streams = program.tiles + static_cast<int64_t>(program.advancing.size());
    program.tile = std::min(program.count, std::clamp(first_cache / std::max<int64_t>(1, streams) / 512 * 512, smallest_tile, largest_tile) / program.widest);
    return std::move(program);
}

}  // namespace

TileProgram compile_tiles(const ChainSpec& spec) { return TileCompiler(spec).run(); }

}  // namespace brainstate
