#include "elementwise/cuda_driver.h"

#include <map>
#include <mutex>
#include <stdexcept>
#include <vector>

#include "elementwise/cuda_library.h"
#include "elementwise/scalar_source.h"

namespace brainstate::cuda {

void* (*current_stream)(int device) = [](int) -> void* { return nullptr; };

namespace {

void check(int result, const char* call) {
    if (result == 0) return;
    const char* text = nullptr;
    driver().cuGetErrorString(result, &text);
    throw std::runtime_error(std::string(call) + " failed: " + (text != nullptr ? text : "unknown error") + " (" + std::to_string(result) + ")");
}

// What libtorch uses too.
void* context_of(int device) {
    static std::mutex mutex;
    static std::map<int, void*> contexts;
    const std::lock_guard lock(mutex);
    auto& context = contexts[device];
    if (context == nullptr) {
        int handle;
        check(driver().cuInit(0), "cuInit");
        check(driver().cuDeviceGet(&handle, device), "cuDeviceGet");
        check(driver().cuDevicePrimaryCtxRetain(&context, handle), "cuDevicePrimaryCtxRetain");
    }
    return context;
}

// Makes a device's context that of this thread for a while.
class ContextScope {
public:
    explicit ContextScope(int device) {
        void* const context = context_of(device);
        void* current = nullptr;
        check(driver().cuCtxGetCurrent(&current), "cuCtxGetCurrent");
        if (current == context) return;
        check(driver().cuCtxPushCurrent(context), "cuCtxPushCurrent");
        is_pushed = true;
    }

    ContextScope(const ContextScope&) = delete;

    ~ContextScope() {
        void* popped;
        if (is_pushed) driver().cuCtxPopCurrent(&popped);
    }

private:
    bool is_pushed = false;
};

int architecture_of(int device) {
    constexpr int major_attribute = 75, minor_attribute = 76;
    int handle, major, minor;
    check(driver().cuDeviceGet(&handle, device), "cuDeviceGet");
    check(driver().cuDeviceGetAttribute(&major, major_attribute, handle), "cuDeviceGetAttribute");
    check(driver().cuDeviceGetAttribute(&minor, minor_attribute, handle), "cuDeviceGetAttribute");
    return 10 * major + minor;
}

// The device's own architecture, whose machine code the driver takes as it is, or the newest that the compiler knows, whose PTX it translates.
struct Target {
    int architecture;
    bool is_own;

    static Target of(int device) {
        const int own = architecture_of(device);
        int count = 0, newest = 0;
        if (compiler().nvrtcGetNumSupportedArchs(&count) != 0 || count == 0) return {own, false};
        std::vector<int> known(count);
        compiler().nvrtcGetSupportedArchs(known.data());
        for (int architecture : known) {
            if (architecture == own) return {own, true};
            if (architecture < own && architecture > newest) newest = architecture;
        }
        return {newest, false};
    }
};

std::string log_of(void* program) {
    size_t size = 0;
    if (compiler().nvrtcGetProgramLogSize(program, &size) != 0 || size == 0) return {};
    std::string log(size, '\0');
    compiler().nvrtcGetProgramLog(program, log.data());
    return log;
}

// The machine code, or PTX, of a source.
std::string compile(const std::string& source, Target target) {
    std::vector<const char*> names, texts;
    for (const auto& header : scalar_headers()) {
        names.push_back(header.name);
        texts.push_back(header.text);
    }
    void* program = nullptr;
    if (const int result = compiler().nvrtcCreateProgram(&program, source.c_str(), "chain.cu", static_cast<int>(names.size()), texts.data(), names.data()); result != 0)
        throw std::runtime_error(std::string("nvrtcCreateProgram failed: ") + compiler().nvrtcGetErrorString(result));

    const std::string architecture = (target.is_own ? "--gpu-architecture=sm_" : "--gpu-architecture=compute_") + std::to_string(target.architecture);
    const char* options[] = {architecture.c_str(), "--std=c++17", "--fmad=false"};
    const int result = compiler().nvrtcCompileProgram(program, 3, options);
    std::string code;
    if (result == 0) {
        size_t size = 0;
        (target.is_own ? compiler().nvrtcGetCUBINSize : compiler().nvrtcGetPTXSize)(program, &size);
        code.resize(size);
        (target.is_own ? compiler().nvrtcGetCUBIN : compiler().nvrtcGetPTX)(program, code.data());
    }
    const std::string log = result == 0 ? std::string() : log_of(program);
    compiler().nvrtcDestroyProgram(&program);
    if (result != 0)
        throw std::runtime_error("NVRTC could not compile a kernel (" + std::string(compiler().nvrtcGetErrorString(result)) + ", " + architecture + "):\n" + log + "\n" + source);
    return code;
}

}  // namespace

std::string name_of(int device) {
    char name[256] = {};
    int handle;
    check(driver().cuInit(0), "cuInit");
    check(driver().cuDeviceGet(&handle, device), "cuDeviceGet");
    check(driver().cuDeviceGetName(name, sizeof name, handle), "cuDeviceGetName");
    return name;
}

std::vector<uint8_t> identity_of(int device) {
    std::vector<uint8_t> uuid(16);
    int handle;
    check(driver().cuInit(0), "cuInit");
    check(driver().cuDeviceGet(&handle, device), "cuDeviceGet");
    check(driver().cuDeviceGetUuid(uuid.data(), handle), "cuDeviceGetUuid");
    return uuid;
}

void Kernel::launch(int64_t blocks, int threads, void** arguments) const {
    const ContextScope scope(device);
    check(driver().cuLaunchKernel(function, static_cast<unsigned>(blocks), 1, 1, static_cast<unsigned>(threads), 1, 1, 0, current_stream(device), arguments, nullptr), "cuLaunchKernel");
}

const Kernel& kernel_of(const std::string& source, const char* name, int device) {
    static std::mutex mutex;
    static std::map<std::pair<int, std::string>, Kernel> kernels;
    const std::lock_guard lock(mutex);
    const auto key = std::pair(device, source);
    if (const auto found = kernels.find(key); found != kernels.end()) return found->second;

    const ContextScope scope(device);
    const std::string code = compile(source, Target::of(device));
    void *module = nullptr, *function = nullptr;
    check(driver().cuModuleLoadData(&module, code.data()), "cuModuleLoadData");
    check(driver().cuModuleGetFunction(&function, module, name), "cuModuleGetFunction");
    return kernels.emplace(key, Kernel(device, function)).first->second;
}

}  // namespace brainstate::cuda
