#include "brainstate_torch.h"

#include <cstdlib>
#include <cstring>
#include <mutex>

#include <malloc.h>
#include <unistd.h>

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <ATen/core/LegacyTypeDispatch.h>
#include <c10/core/DeviceGuard.h>
#include <torch/cuda.h>
#include <torch/version.h>

#include "distributed/group.h"
#include "elementwise/chain.h"
#include "elementwise/cuda_driver.h"
#include "graphs/graph_frame.h"
#include "memory/buffer.h"
#include "ops/op.h"
#include "program/reader.h"

using namespace brainstate;

namespace {

thread_local std::string last_error;
thread_local int64_t last_error_bytes = 0;

bs_status fail(bs_status status, const std::string& what, int64_t bytes = 0) {
    last_error = what;
    last_error_bytes = bytes;
    return status;
}

// Nothing thrown leaves the library.
template <class F>
bs_status guarded(F action) noexcept {
    try {
        action();
        return BS_OK;
    } catch (const Canceled& stop) {
        return fail(BS_CANCELED, stop.what());
    } catch (const OutOfMemory& problem) {
        return fail(BS_OUT_OF_MEMORY, problem.what(), problem.bytes);
    } catch (const std::bad_alloc&) {
        return fail(BS_OUT_OF_MEMORY, "The host has no memory left.");
    } catch (const c10::Error& problem) {
        return fail(is_out_of_memory(problem) ? BS_OUT_OF_MEMORY : BS_ERROR, problem.what_without_backtrace());
    } catch (const std::exception& problem) {
        return fail(BS_ERROR, problem.what());
    }
}

at::Device device_of(int32_t kind, int32_t index) {
    if (index < 0 || index >= bs_device_count(kind)) throw std::invalid_argument("There is no device " + std::to_string(index) + " of kind " + std::to_string(kind) + ".");
    // libtorch's own tensors on cpu have no index, and must not meet some that have.
    return kind == BS_CUDA ? at::Device(at::kCUDA, static_cast<at::DeviceIndex>(index)) : at::Device(at::kCPU);
}

at::Tensor bytes_at(void* address, int64_t bytes, at::Device device) { return at::from_blob(address, {bytes}, at::TensorOptions().dtype(at::kByte).device(device)); }

// The instruction set that ATen's kernels use: 1.13 tells it only among the lines of its configuration.
std::string cpu_capability() {
    const std::string config = at::show_config(), label = "CPU capability usage: ";
    const size_t begin = config.find(label);
    return begin == std::string::npos ? "unknown" : config.substr(begin + label.size(), config.find('\n', begin) - begin - label.size());
}

std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : " ") + name;
    return text;
}

}  // namespace

// A plan and its idle frames. Every run takes a frame of its own.
struct bs_program {
    bs_program(const Program& program, at::Device device, const std::vector<int>& given, int runs_before_capture) : plan(program, device, given), capturing(plan, runs_before_capture) {}

    const Plan plan;
    Capturing capturing;

    std::unique_ptr<GraphFrame> take_frame() {
        const std::lock_guard lock(gate);
        if (idle.empty()) return nullptr;
        std::unique_ptr<GraphFrame> frame = std::move(idle.back());
        idle.pop_back();
        return frame;
    }

    void give_frame(std::unique_ptr<GraphFrame> frame) {
        const std::lock_guard lock(gate);
        idle.push_back(std::move(frame));
    }

private:
    std::mutex gate;
    std::vector<std::unique_ptr<GraphFrame>> idle;
};

const char* bs_error(void) { return last_error.c_str(); }

int64_t bs_error_bytes(void) { return last_error_bytes; }

bs_status bs_initialize(int32_t threads) {
    return guarded([&] {
        // glibc gives large blocks back to the system at once, and fresh pages cost ten times what filling them does.
        mallopt(M_MMAP_THRESHOLD, 1 << 30);
        mallopt(M_TRIM_THRESHOLD, 1 << 30);
        mallopt(M_TOP_PAD, 64 << 20);
        at::set_num_threads(threads > 0 ? threads : static_cast<int>(std::max(1L, sysconf(_SC_NPROCESSORS_ONLN))));
        // Of the shortcuts that cost digits, libtorch leaves these on by default.
        at::globalContext().setAllowTF32CuDNN(false);
        at::globalContext().setAllowFP16ReductionCuBLAS(false);
#if TORCH_VERSION_MAJOR >= 2
        at::globalContext().setAllowBF16ReductionCuBLAS(false);
#endif
    });
}

bs_status bs_join(const char* meeting, int32_t rank, int32_t size, int64_t timeout_seconds) {
    return guarded([&] { join_group(meeting, rank, size, timeout_seconds); });
}

const char* bs_description(void) {
    static const std::string text = [] {
        std::string lines = std::string("version=") + TORCH_VERSION + "\nthreads=" + std::to_string(at::get_num_threads()) + "\ncapability=" + cpu_capability();
        return lines + "\ncuda=" + (torch::cuda::is_available() ? "yes" : "no");
    }();
    return text.c_str();
}

const char* bs_op_names(void) {
    static const std::string text = joined(op_names()) + " " + joined(elementwise_names());
    return text.c_str();
}

int32_t bs_device_count(int32_t kind) {
    return kind == BS_CPU ? 1 : kind == BS_CUDA && torch::cuda::is_available() ? static_cast<int32_t>(torch::cuda::device_count()) : 0;
}

const char* bs_device_description(int32_t kind, int32_t index) {
    static thread_local std::string text;
    text = kind == BS_CPU ? "CPU" : "CUDA";
    // A device whose name is not to be had can still compute.
    if (kind == BS_CUDA) guarded([&] { text = cuda::name_of(index); });
    if (kind == BS_CUDA && graph_library(at::kCUDA)) text += ", " + graphs_so_far();
    return text.c_str();
}

bs_status bs_device_memory(int32_t kind, int32_t index, int64_t* in_use, int64_t* reserved) {
    return guarded([&] {
        const MemoryInUse memory = memory_of(device_of(kind, index));
        *in_use = memory.in_use;
        *reserved = memory.reserved;
    });
}

bs_status bs_synchronize(int32_t kind, int32_t index) {
    return guarded([&] {
        if (kind == BS_CUDA) torch::cuda::synchronize(device_of(kind, index).index());
    });
}

bs_status bs_buffer_from_host(void* data, int64_t bytes, int32_t kind, int32_t index, bs_release release, void* context, bs_buffer** result) {
    return guarded([&] {
        c10::DataPtr host(data, context, release, at::Device(at::kCPU));
        const at::Device device = device_of(kind, index);
        if (device.is_cpu()) {
            *result = new bs_buffer(std::move(host), device, bytes);
            return;
        }
        const c10::DeviceGuard guard(device);
        auto own = std::make_unique<bs_buffer>(allocate(device, bytes), device, bytes);
        if (bytes > 0) bytes_at(own->address(), bytes, device).copy_(bytes_at(data, bytes, at::kCPU));
        *result = own.release();
    });
}

bs_status bs_buffer_to_host(bs_buffer* buffer, void* destination, int64_t bytes) {
    return guarded([&] {
        if (bytes != buffer->bytes) throw std::invalid_argument("The buffer has " + std::to_string(buffer->bytes) + " bytes, not " + std::to_string(bytes) + ".");
        if (bytes == 0) return;
        if (buffer->device.is_cpu()) {
            std::memcpy(destination, buffer->address(), static_cast<size_t>(bytes));
            return;
        }
        const c10::DeviceGuard guard(buffer->device);
        bytes_at(destination, bytes, at::kCPU).copy_(bytes_at(buffer->address(), bytes, buffer->device));
    });
}

void bs_buffer_retain(bs_buffer* buffer) { buffer->retain(); }

void bs_buffer_release(bs_buffer* buffer) { buffer->release(); }

bs_status bs_load_graphs(const char* path) {
    return guarded([&] { load_graph_library(path); });
}

bs_status bs_load(const int64_t* words, int64_t count, const int32_t* given, int32_t given_count, int32_t kind, int32_t index, int32_t runs_before_capture, bs_program** result) {
    return guarded([&] {
        const at::AutoDispatchBelowADInplaceOrView below_autograd;
        const at::Device device = device_of(kind, index);
        const c10::DeviceGuard guard(device);
        *result = new bs_program(read_program(words, static_cast<size_t>(count)), device, {given, given + given_count}, runs_before_capture);
    });
}

void bs_replaced(bs_program* program, int32_t* arguments) { std::copy(program->plan.replaced.begin(), program->plan.replaced.end(), arguments); }

bs_status bs_run(bs_program* program, bs_buffer* const* arguments, bs_buffer** results, const volatile int32_t* cancel) {
    return guarded([&] {
        const Plan& plan = program->plan;
        const at::AutoDispatchBelowADInplaceOrView below_autograd;
        const c10::DeviceGuard guard(plan.device);
        std::unique_ptr<GraphFrame> frame = program->take_frame();
        if (!frame) frame = std::make_unique<GraphFrame>(plan, program->capturing);
        std::vector<std::unique_ptr<bs_buffer>> made(plan.outputs.size());
        try {
            frame->cancel = cancel;
            for (size_t i = 0; i < plan.inputs.size(); i++) {
                if (arguments[i]->device != plan.device || arguments[i]->bytes != plan.input_bytes[i])
                    throw std::invalid_argument("Argument " + std::to_string(i) + " is not " + plan.inputs[i].text() + " on " + plan.device.str() + ".");
                frame->set_input(static_cast<int>(i), arguments[i]->address());
            }
            for (size_t i = 0; i < made.size(); i++) {
                if (results[i]) {
                    if (plan.replaced[i] < 0 || results[i] != arguments[plan.replaced[i]]) throw std::invalid_argument("Result " + std::to_string(i) + " cannot be written over that argument.");
                    frame->set_output(static_cast<int>(i), results[i]->address());
                    continue;
                }
                const int64_t bytes = plan.output_bytes[i];
                made[i] = std::make_unique<bs_buffer>(allocate(plan.device, bytes), plan.device, bytes);
                frame->set_output(static_cast<int>(i), made[i]->address());
            }
            frame->run();
        } catch (...) {
            program->give_frame(std::move(frame));
            throw;
        }
        program->give_frame(std::move(frame));
        for (size_t i = 0; i < made.size(); i++)
            if (results[i]) results[i]->retain();
            else results[i] = made[i].release();
    });
}

int64_t bs_temporary_bytes(bs_program* program) { return program->plan.temporary_bytes() + program->capturing.bytes(); }

const char* bs_graph_state(bs_program* program) {
    static thread_local std::string text;
    text = program->capturing.state();
    return text.c_str();
}

void bs_unload(bs_program* program) { delete program; }
