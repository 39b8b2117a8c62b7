#include "elementwise/cuda_library.h"

#include <filesystem>

#include <ATen/Parallel.h>

#include "elementwise/dynamic_library.h"

namespace brainstate::cuda {
namespace {

namespace fs = std::filesystem;

// Where the libtorch that this process runs lies.
fs::path folder_of_libtorch() {
    Dl_info info;
    return dladdr(reinterpret_cast<void*>(&at::get_num_threads), &info) != 0 && info.dli_fname != nullptr ? fs::path(info.dli_fname).parent_path() : fs::path();
}

constexpr const char* compiler_names[] = {"libnvrtc.so.13", "libnvrtc.so.12", "libnvrtc.so.11.2", "libnvrtc.so"};

// The one that libtorch brings: loaded already, or what its own use of NVRTC is linked to, or beside it as a Python package; else the system's.
void* open_compiler() {
    for (const char* name : compiler_names)
        if (void* handle = dlopen(name, RTLD_NOW | RTLD_NOLOAD)) return handle;
    const auto folder = folder_of_libtorch();
    if (void* handle = dlopen((folder / "libcaffe2_nvrtc.so").c_str(), RTLD_NOW); handle != nullptr && dlsym(handle, "nvrtcCompileProgram") != nullptr) return handle;
    std::error_code none;
    for (const auto& package : fs::directory_iterator(folder.parent_path().parent_path() / "nvidia", none))
        for (const char* name : compiler_names)
            if (void* handle = dlopen((package.path() / "lib" / name).c_str(), RTLD_NOW)) return handle;
    for (const char* name : compiler_names)
        if (void* handle = dlopen(name, RTLD_NOW)) return handle;
    return nullptr;
}

Driver load_driver() {
    const DynamicLibrary library(dlopen("libcuda.so.1", RTLD_NOW), "libcuda.so.1");
    Driver d{};
    library.bind(d.cuInit, "cuInit");
    library.bind(d.cuGetErrorString, "cuGetErrorString");
    library.bind(d.cuDeviceGet, "cuDeviceGet");
    library.bind(d.cuDeviceGetName, "cuDeviceGetName");
    library.bind(d.cuDeviceGetUuid, "cuDeviceGetUuid");
    library.bind(d.cuDeviceGetAttribute, "cuDeviceGetAttribute");
    library.bind(d.cuDevicePrimaryCtxRetain, "cuDevicePrimaryCtxRetain");
    library.bind(d.cuCtxGetCurrent, "cuCtxGetCurrent");
    library.bind(d.cuCtxPushCurrent, "cuCtxPushCurrent_v2");
    library.bind(d.cuCtxPopCurrent, "cuCtxPopCurrent_v2");
    library.bind(d.cuModuleLoadData, "cuModuleLoadData");
    library.bind(d.cuModuleGetFunction, "cuModuleGetFunction");
    library.bind(d.cuLaunchKernel, "cuLaunchKernel");
    return d;
}

Compiler load_compiler() {
    const DynamicLibrary library(open_compiler(), "libnvrtc");
    Compiler c{};
    library.bind(c.nvrtcGetErrorString, "nvrtcGetErrorString");
    library.bind(c.nvrtcGetNumSupportedArchs, "nvrtcGetNumSupportedArchs");
    library.bind(c.nvrtcGetSupportedArchs, "nvrtcGetSupportedArchs");
    library.bind(c.nvrtcCreateProgram, "nvrtcCreateProgram");
    library.bind(c.nvrtcDestroyProgram, "nvrtcDestroyProgram");
    library.bind(c.nvrtcCompileProgram, "nvrtcCompileProgram");
    library.bind(c.nvrtcGetProgramLogSize, "nvrtcGetProgramLogSize");
    library.bind(c.nvrtcGetProgramLog, "nvrtcGetProgramLog");
    library.bind(c.nvrtcGetCUBINSize, "nvrtcGetCUBINSize");
    library.bind(c.nvrtcGetCUBIN, "nvrtcGetCUBIN");
    library.bind(c.nvrtcGetPTXSize, "nvrtcGetPTXSize");
    library.bind(c.nvrtcGetPTX, "nvrtcGetPTX");
    return c;
}

}  // namespace

const Driver& driver() {
    static const Driver loaded = load_driver();
    return loaded;
}

const Compiler& compiler() {
    static const Compiler loaded = load_compiler();
    return loaded;
}

}  // namespace brainstate::cuda
