// Replays recorded instruction lists: runs each program several times on made-up arguments and offers its beginnings, which must be refused. Meant for the address sanitizer.
//
//   brainstate_torch_replay [--cuda] FILE…

#include <csignal>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <unistd.h>

#include "brainstate_torch.h"
#include "program/reader.h"

namespace {

using namespace brainstate;

std::vector<int64_t> read_words(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    std::vector<int64_t> words(bytes.size() / sizeof(int64_t));
    std::memcpy(words.data(), bytes.data(), words.size() * sizeof(int64_t));
    return words;
}

template <class T>
void fill(void* memory, int64_t count, T (*element)(int64_t)) {
    for (int64_t i = 0; i < count; i++) static_cast<T*>(memory)[i] = element(i);
}

// Small numbers of both signs; half precision gets zeros.
void* arguments_of(const Spec& spec) {
    void* memory = std::calloc(static_cast<size_t>(spec.bytes()) + 1, 1);
    switch (spec.dtype) {
        case DType::Bool: fill<uint8_t>(memory, spec.count(), [](int64_t i) { return static_cast<uint8_t>(i % 2); }); break;
        case DType::Int32: fill<int32_t>(memory, spec.count(), [](int64_t i) { return static_cast<int32_t>(i % 3); }); break;
        case DType::UInt32: fill<uint32_t>(memory, spec.count(), [](int64_t i) { return static_cast<uint32_t>(i % 5); }); break;
        case DType::Float32: fill<float>(memory, spec.count(), [](int64_t i) { return static_cast<float>(i % 7 - 3) / 4; }); break;
        case DType::Float64: fill<double>(memory, spec.count(), [](int64_t i) { return static_cast<double>(i % 7 - 3) / 4; }); break;
        default: break;
    }
    return memory;
}

// On made-up arguments loops may be endless. They are stopped after a second.
volatile int32_t cancel = 0;

bs_status run_for_a_second(bs_program* program, bs_buffer* const* arguments, bs_buffer** results) {
    cancel = 0;
    alarm(1);
    const bs_status status = bs_run(program, arguments, results, &cancel);
    alarm(0);
    return status;
}

[[noreturn]] void stop(const std::string& path) {
    std::fprintf(stderr, "%s: %s\n", path.c_str(), bs_error());
    std::exit(1);
}

bs_program* load(const std::string& path, const std::vector<int64_t>& words, const std::vector<int32_t>& given, int32_t kind) {
    bs_program* loaded = nullptr;
    if (bs_load(words.data(), static_cast<int64_t>(words.size()), given.data(), static_cast<int32_t>(given.size()), kind, 0, -1, &loaded) != BS_OK) stop(path);
    return loaded;
}

// The results of a run, written over arguments wherever that may be; none if it was stopped.
std::vector<std::vector<char>> run(const std::string& path, const Program& program, bs_program* loaded, int32_t kind) {
    std::vector<bs_buffer*> arguments(static_cast<size_t>(program.input_count)), results(program.outputs.size());
    for (size_t i = 0; i < arguments.size(); i++) {
        void* memory = arguments_of(program.values[i]);
        if (bs_buffer_from_host(memory, program.values[i].bytes(), kind, 0, std::free, memory, &arguments[i]) != BS_OK) stop(path);
    }
    std::vector<int32_t> replaced(results.size());
    bs_replaced(loaded, replaced.data());
    for (size_t i = 0; i < results.size(); i++) results[i] = replaced[i] < 0 ? nullptr : arguments[static_cast<size_t>(replaced[i])];
    const bs_status status = run_for_a_second(loaded, arguments.data(), results.data());
    if (status == BS_ERROR) stop(path);
    std::vector<std::vector<char>> contents;
    for (size_t i = 0; status == BS_OK && i < results.size(); i++) {
        std::vector<char>& bytes = contents.emplace_back(static_cast<size_t>(program.spec_of(program.outputs[i]).bytes()));
        if (bs_buffer_to_host(results[i], bytes.data(), static_cast<int64_t>(bytes.size())) != BS_OK) stop(path);
        bs_buffer_release(results[i]);
    }
    for (bs_buffer* argument : arguments) bs_buffer_release(argument);
    return contents;
}

// Runs a program twice, and once as if its arguments were given up: that changes no result.
void replay(const std::string& path, const std::vector<int64_t>& words, int32_t kind) {
    const Program program = read_program(words.data(), words.size());
    std::vector<int32_t> all;
    for (int i = 0; i < program.input_count; i++) all.push_back(i);
    bs_program* const keeping = load(path, words, {}, kind);
    bs_program* const giving = load(path, words, all, kind);
    run(path, program, keeping, kind);
    const auto expected = run(path, program, keeping, kind), found = run(path, program, giving, kind);
    if (!expected.empty() && !found.empty() && expected != found) {
        std::fprintf(stderr, "%s: other results where they are written over arguments\n", path.c_str());
        std::exit(1);
    }
    bs_unload(keeping);
    bs_unload(giving);
}

// A list that ends too early is refused wherever it ends.
void refuse_beginnings(const std::string& path, const std::vector<int64_t>& words) {
    const size_t step = words.size() / 200 + 1;
    for (size_t length = 0; length < words.size(); length += step) {
        const std::vector<int64_t> beginning(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(length));
        bs_program* loaded = nullptr;
        if (bs_load(beginning.data(), static_cast<int64_t>(length), nullptr, 0, BS_CPU, 0, -1, &loaded) == BS_OK) {
            std::fprintf(stderr, "%s: %zu of %zu words were taken for a program\n", path.c_str(), length, words.size());
            std::exit(1);
        }
    }
}

}  // namespace

int main(int count, char** arguments) {
    int32_t kind = BS_CPU;
    int programs = 0;
    bs_initialize(0);
    std::signal(SIGALRM, [](int) { cancel = 1; });
    for (int i = 1; i < count; i++) {
        if (std::string(arguments[i]) == "--cuda") {
            kind = BS_CUDA;
            continue;
        }
        const std::vector<int64_t> words = read_words(arguments[i]);
        replay(arguments[i], words, kind);
        refuse_beginnings(arguments[i], words);
        programs++;
    }
    std::printf("%d programs replayed\n", programs);
    return 0;
}
