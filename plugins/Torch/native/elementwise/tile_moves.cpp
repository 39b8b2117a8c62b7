#include "elementwise/tile_moves.h"

#include <algorithm>
#include <cstring>

#include "elementwise/strided.h"

namespace brainstate {
namespace {

template <class T>
void copy(const Instruction& instruction, std::byte* const* registers, int64_t, int64_t count) {
    std::memcpy(registers[instruction.result], registers[instruction.operands[0]], static_cast<size_t>(count) * sizeof(T));
}

template <class T>
void splat(const Instruction& instruction, std::byte* const* registers, int64_t, int64_t count) {
    std::fill_n(reinterpret_cast<T*>(registers[instruction.result]), count, *reinterpret_cast<const T*>(registers[instruction.operands[0]]));
}

template <class T>
void copy_run(T* to, const T* from, int64_t stride, int64_t count) {
    if (stride == 1) std::memcpy(to, from, static_cast<size_t>(count) * sizeof(T));
    else if (stride == 0) std::fill_n(to, count, *from);
    else
        for (int64_t i = 0; i < count; i++) to[i] = from[i * stride];
}

// A short line again and again, as the bias of a layer is: what is there already is copied, twice as much each time.
template <class T>
void repeat(T* to, const T* line, int64_t size, int64_t place, int64_t count) {
    const int64_t first = std::min(count, size - place);
    std::memcpy(to, line + place, static_cast<size_t>(first) * sizeof(T));
    std::memcpy(to + first, line, static_cast<size_t>(std::min(count - first, place)) * sizeof(T));
    for (int64_t filled = size; filled < count; filled *= 2) std::memcpy(to + filled, to, static_cast<size_t>(std::min(filled, count - filled)) * sizeof(T));
}

// Run by run along the innermost axis. Places in the outer axes are found by division once, and then counted on.
template <class T>
void load(const Instruction& instruction, std::byte* const* registers, int64_t start, int64_t count) {
    constexpr int most_axes = 64;
    const auto& source = *reinterpret_cast<const Strided*>(instruction.parameter);
    const auto* from = reinterpret_cast<const T*>(registers[instruction.operands[0]]);
    auto* to = reinterpret_cast<T*>(registers[instruction.result]);
    const int last = source.rank() - 1;
    if (source.repeats_a_line()) return repeat(to, from, source.sizes[1], start % source.sizes[1], count);
    int64_t place[most_axes];
    for (int axis = last; axis >= 0; axis--) {
        place[axis] = start % source.sizes[axis];
        start /= source.sizes[axis];
        from += place[axis] * source.strides[axis];
    }
    while (true) {
        const int64_t run = std::min(count, source.sizes[last] - place[last]);
        copy_run(to, from, source.strides[last], run);
        to += run;
        count -= run;
        if (count == 0) return;
        from -= place[last] * source.strides[last];
        place[last] = 0;
        for (int axis = last - 1; axis >= 0; axis--) {
            from += source.strides[axis];
            if (++place[axis] < source.sizes[axis]) break;
            from -= source.sizes[axis] * source.strides[axis];
            place[axis] = 0;
        }
    }
}

template <class T>
void count_up(const Instruction& instruction, std::byte* const* registers, int64_t start, int64_t count) {
    const auto& counting = *reinterpret_cast<const Counting*>(instruction.parameter);
    auto* to = reinterpret_cast<T*>(registers[instruction.result]);
    int64_t index = start / counting.inner % counting.size, rest = counting.inner - start % counting.inner;
    while (count > 0) {
        if (counting.inner == 1) {
            const int64_t run = std::min(count, counting.size - index);
            for (int64_t i = 0; i < run; i++) to[i] = static_cast<T>(index + i);
            to += run;
            count -= run;
            index = 0;
        } else {
            const int64_t run = std::min(count, rest);
            std::fill_n(to, run, static_cast<T>(index));
            to += run;
            count -= run;
            index = index + 1 == counting.size ? 0 : index + 1;
            rest = counting.inner;
        }
    }
}

}  // namespace

TileKernel copy_of(int size) {
    switch (size) {
        case 1: return copy<uint8_t>;
        case 2: return copy<uint16_t>;
        case 4: return copy<uint32_t>;
        default: return copy<uint64_t>;
    }
}

TileKernel splat_of(int size) {
    switch (size) {
        case 1: return splat<uint8_t>;
        case 2: return splat<uint16_t>;
        case 4: return splat<uint32_t>;
        default: return splat<uint64_t>;
    }
}

TileKernel load_of(int size) {
    switch (size) {
        case 1: return load<uint8_t>;
        case 2: return load<uint16_t>;
        case 4: return load<uint32_t>;
        default: return load<uint64_t>;
    }
}

TileKernel counting_of(Lane lane) {
    if (lane == Lane::F32) return count_up<float>;
    if (lane == Lane::F64) return count_up<double>;
    switch (size_of(lane)) {
        case 1: return count_up<uint8_t>;
        case 2: return count_up<uint16_t>;
        case 4: return count_up<uint32_t>;
        default: return count_up<uint64_t>;
    }
}

}  // namespace brainstate
