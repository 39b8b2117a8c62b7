// Which of the kernels that were compiled for several processors this one runs.
#include "elementwise/kernels.h"

namespace brainstate {

namespace portable {
extern const KernelSet kernel_set;
}

#if defined(ELEMENTWISE_X86)
namespace x86_64_v3 {
extern const KernelSet kernel_set;
}
namespace x86_64_v4 {
extern const KernelSet kernel_set;
}

const KernelSet& kernels() {
    static const KernelSet& chosen = []() -> const KernelSet& {
        __builtin_cpu_init();
        const bool has_v3 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
        const bool has_v4 = has_v3 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512cd")
            && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
        return has_v4 ? x86_64_v4::kernel_set : has_v3 ? x86_64_v3::kernel_set : portable::kernel_set;
    }();
    return chosen;
}
#else
const KernelSet& kernels() { return portable::kernel_set; }
#endif

}  // namespace brainstate
