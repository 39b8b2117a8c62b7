// Random bits as a function of a key and a counter: Threefry-2x32 with 20 rounds (J. Salmon et al., Parallel random numbers: as easy as 1, 2, 3, 2011).
#pragma once

#include "elementwise/scalar/base.h"

namespace brainstate::BRAINSTATE_ISA {

struct Pair {
    u32 first, second;
};

HOST_DEVICE void threefry_round(Pair& x, int rotation) {
    x.first += x.second;
    x.second = ((x.second << rotation) | (x.second >> (32 - rotation))) ^ x.first;
}

HOST_DEVICE void even_rounds(Pair& x) {
    threefry_round(x, 13);
    threefry_round(x, 15);
    threefry_round(x, 26);
    threefry_round(x, 6);
}

HOST_DEVICE void odd_rounds(Pair& x) {
    threefry_round(x, 17);
    threefry_round(x, 29);
    threefry_round(x, 16);
    threefry_round(x, 24);
}

// A part of the key, and a count.
HOST_DEVICE void inject(Pair& x, u32 first, u32 second, u32 count) {
    x.first += first;
    x.second += second + count;
}

HOST_DEVICE Pair threefry(u32 key0, u32 key1, u64 counter) {
    const u32 key2 = 0x1BD11BDAu ^ key0 ^ key1;
    Pair x{static_cast<u32>(counter >> 32), static_cast<u32>(counter)};
    inject(x, key0, key1, 0);
    even_rounds(x);
    inject(x, key1, key2, 1);
    odd_rounds(x);
    inject(x, key2, key0, 2);
    even_rounds(x);
    inject(x, key0, key1, 3);
    odd_rounds(x);
    inject(x, key1, key2, 4);
    even_rounds(x);
    inject(x, key2, key0, 5);
    return x;
}

// The element at a position of a block: both words for 64 bits, and the low bits of their exclusive or otherwise.
template <class T>
HOST_DEVICE T random_bits(u32 key0, u32 key1, u64 position) {
    const Pair x = threefry(key0, key1, position);
    if constexpr (sizeof(T) == 8) return static_cast<T>((static_cast<u64>(x.first) << 32) | x.second);
    else return static_cast<T>(x.first ^ x.second);
}

}  // namespace brainstate::BRAINSTATE_ISA
