// Kernels compiled from source at run time. The compiler (NVRTC) and the driver are found by name when they are first needed: nothing of cuda is needed to build this.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace brainstate::cuda {

// The stream that work on a device goes to. The default is cuda's legacy default stream, which is that of libtorch as well.
extern void* (*current_stream)(int device);

// A compiled kernel. It lives as long as the process.
class Kernel {
public:
    Kernel(int device, void* function) : device(device), function(function) {}

    // Throws std::runtime_error if the driver refuses. Arguments are addresses of the kernel's arguments.
    void launch(int64_t blocks, int threads, void** arguments) const;

private:
    int device;
    void* function;
};

// The model of a device. Throws std::runtime_error.
std::string name_of(int device);

// The same for the same GPU in all processes, and for no other. Throws std::runtime_error.
std::vector<uint8_t> identity_of(int device);

// The kernel of this name in a source that may include the headers of elementwise/scalar; compiled once for a device.
// Throws std::runtime_error with the compiler's log if it does not compile.
const Kernel& kernel_of(const std::string& source, const char* name, int device);

}  // namespace brainstate::cuda
