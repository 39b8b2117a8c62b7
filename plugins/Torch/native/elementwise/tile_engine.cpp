#include "elementwise/tile_engine.h"

#include <algorithm>
#include <cstring>

#include <ATen/Parallel.h>

#include "elementwise/tile_program.h"

namespace brainstate {
namespace {

constexpr int64_t parallel_cost = 32768;  // additions that are worth waking a thread
constexpr int64_t alignment = 64, small = 4096;  // so many bytes are on the stack

class TileChain final : public Chain {
public:
    explicit TileChain(TileProgram compiled) : program(std::move(compiled)) {
        table.resize(program.registers());
        for (size_t i = 0; i < program.literals.size(); i++) table[program.inputs + program.outputs + i] = reinterpret_cast<std::byte*>(const_cast<uint64_t*>(&program.literals[i]));
        first_uniform = program.inputs + program.outputs + static_cast<int>(program.literals.size());
        first_tile = first_uniform + program.uniforms;
        tile_bytes = program.tile_bytes();
        bytes = program.tiles * tile_bytes + static_cast<int64_t>(program.uniforms * sizeof(uint64_t) + table.size() * sizeof(std::byte*));
        bytes = (bytes + alignment - 1) / alignment * alignment;
    }

    int64_t workspace_bytes() const override { return bytes <= small ? 0 : bytes; }

    void run(const void* const* inputs, void* const* outputs, std::byte* workspace) const override {
        if (program.count == 0) return;
        if (program.count <= program.tile || program.count * program.cost < 2 * parallel_cost) return run_range(inputs, outputs, workspace, 0, program.count);
        const int64_t tiles = (program.count + program.tile - 1) / program.tile;
        const int64_t grain = std::max<int64_t>(1, parallel_cost / (program.tile * std::max<int64_t>(1, program.cost)));
        at::parallel_for(0, tiles, grain, [&](int64_t begin, int64_t end) {
            run_range(inputs, outputs, workspace + at::get_thread_num() * workspace_bytes(), begin * program.tile, std::min(program.count, end * program.tile));
        });
    }

private:
    void run_range(const void* const* inputs, void* const* outputs, std::byte* workspace, int64_t begin, int64_t end) const {
        alignas(alignment) std::byte local[small];
        run_in(bytes <= small ? local : workspace, inputs, outputs, begin, end);
    }

    void run_in(std::byte* memory, const void* const* inputs, void* const* outputs, int64_t begin, int64_t end) const {
        auto* uniforms = memory + program.tiles * tile_bytes;
        auto** registers = reinterpret_cast<std::byte**>(uniforms + program.uniforms * sizeof(uint64_t));
        std::memcpy(registers, table.data(), table.size() * sizeof(std::byte*));
        for (int i = 0; i < program.inputs; i++) registers[i] = static_cast<std::byte*>(const_cast<void*>(inputs[i]));
        for (int i = 0; i < program.outputs; i++) registers[program.inputs + i] = static_cast<std::byte*>(outputs[i]);
        for (int i = 0; i < program.uniforms; i++) registers[first_uniform + i] = uniforms + i * sizeof(uint64_t);
        for (int i = 0; i < program.tiles; i++) registers[first_tile + i] = memory + i * tile_bytes;

        for (const auto& instruction : program.uniform) instruction.kernel(instruction, registers, 0, 1);
        if (begin != 0)
            for (const auto& [number, size] : program.advancing) registers[number] += begin * size;
        for (int64_t start = begin;;) {
            const int64_t count = std::min(program.tile, end - start);
            for (const auto& instruction : program.body) instruction.kernel(instruction, registers, start, count);
            start += count;
            if (start >= end) return;
            for (const auto& [number, size] : program.advancing) registers[number] += count * size;
        }
    }

    const TileProgram program;
    std::vector<std::byte*> table;  // literals are there already
    int first_uniform, first_tile;
    int64_t tile_bytes, bytes;
};

}  // namespace

std::unique_ptr<Chain> make_tile_chain(const ChainSpec& spec) { return std::make_unique<TileChain>(compile_tiles(spec)); }

}  // namespace brainstate
