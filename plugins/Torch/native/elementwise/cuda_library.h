// The functions of cuda's driver and run-time compiler that are used, with the types of their documented C interfaces. Handles are pointers and results are 0 for success.
#pragma once

#include <cstddef>

namespace brainstate::cuda {

struct Driver {
    int (*cuInit)(unsigned flags);
    int (*cuGetErrorString)(int error, const char** text);
    int (*cuDeviceGet)(int* device, int ordinal);
    int (*cuDeviceGetName)(char* name, int size, int device);
    int (*cuDeviceGetUuid)(unsigned char* uuid, int device);
    int (*cuDeviceGetAttribute)(int* value, int attribute, int device);
    int (*cuDevicePrimaryCtxRetain)(void** context, int device);
    int (*cuCtxGetCurrent)(void** context);
    int (*cuCtxPushCurrent)(void* context);
    int (*cuCtxPopCurrent)(void** context);
    int (*cuModuleLoadData)(void** module, const void* image);
    int (*cuModuleGetFunction)(void** function, void* module, const char* name);
    int (*cuLaunchKernel)(
        void* function, unsigned grid_x, unsigned grid_y, unsigned grid_z, unsigned block_x, unsigned block_y, unsigned block_z, unsigned shared_bytes, void* stream,
        void** arguments, void** extra);
};

struct Compiler {
    const char* (*nvrtcGetErrorString)(int result);
    int (*nvrtcGetNumSupportedArchs)(int* count);
    int (*nvrtcGetSupportedArchs)(int* architectures);
    int (*nvrtcCreateProgram)(void** program, const char* source, const char* name, int header_count, const char* const* headers, const char* const* header_names);
    int (*nvrtcDestroyProgram)(void** program);
    int (*nvrtcCompileProgram)(void* program, int option_count, const char* const* options);
    int (*nvrtcGetProgramLogSize)(void* program, size_t* size);
    int (*nvrtcGetProgramLog)(void* program, char* log);
    int (*nvrtcGetCUBINSize)(void* program, size_t* size);
    int (*nvrtcGetCUBIN)(void* program, char* code);
    int (*nvrtcGetPTXSize)(void* program, size_t* size);
    int (*nvrtcGetPTX)(void* program, char* code);
};

// Throw std::runtime_error where the library, or a function in it, is not found.
const Driver& driver();
const Compiler& compiler();

}  // namespace brainstate::cuda
