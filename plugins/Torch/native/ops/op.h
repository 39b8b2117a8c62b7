// Ops that run through ATen. A maker looks at an equation once, when its program is planned; the kernel it returns is called at each run.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <ATen/ATen.h>

#include "program/program.h"

namespace brainstate {

// Where and on what an op runs. Tensors hold uint16, uint32 and uint64 as same-width signed integers, because libtorch 1.13 lacks them.
struct OpSite {
    const Parameters& parameters;
    std::vector<Spec> inputs;
    std::vector<Spec> outputs;
    at::Device device;
    std::vector<bool> wanted = {};  // outputs that somebody reads; all if there are none here

    bool is_wanted(size_t output) const { return wanted.empty() || wanted[output]; }
    bool is_cpu() const { return device.is_cpu(); }
};

// Computes out from in. Inputs may have any strides (none negative); outputs exist, are contiguous, have the right shape and dtype, and share no memory with inputs.
using Kernel = std::function<void(const at::Tensor* in, at::Tensor* out)>;
using KernelMaker = Kernel (*)(const OpSite&);

struct OpEntry {
    const char* name;
    KernelMaker make;
    bool meets_host = false;  // on cuda the host sees values while it runs, or other processes do, so it cannot be captured
};

// Null if no op has that name.
const OpEntry* find_op(const std::string& name);
std::vector<std::string> op_names();

// The tables of the families, one per file ops/<family>.cpp.
using OpTable = std::vector<OpEntry>;
const OpTable& shaping_ops();      // rev concatenate pad iota bitcast_convert_type
const OpTable& slicing_ops();      // dynamic_slice dynamic_update_slice gather scatter scatter_add scatter_mul scatter_min scatter_max
const OpTable& reduction_ops();    // reduce_sum … reduce_xor argmax argmin
const OpTable& cumulative_ops();   // cumsum cumprod cummax cummin cumlogsumexp
const OpTable& window_ops();       // reduce_window_sum … select_and_scatter_add select_and_gather_add
const OpTable& product_ops();      // dot_general conv_general_dilated
const OpTable& ordering_ops();     // sort top_k
const OpTable& algebra_ops();      // cholesky qr lu eigh svd triangular_solve fft
const OpTable& collective_ops();   // psum … all_to_all
const OpTable& random_ops();       // random_bits
const OpTable& complex_ops();      // elementwise ops on complex operands, which the elementwise machine leaves to ATen

// The ATen dtype that holds elements of a dtype.
at::ScalarType scalar_type(DType dtype);

}  // namespace brainstate
