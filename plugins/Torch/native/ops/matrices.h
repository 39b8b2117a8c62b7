// Products of matrices of all dtypes.
#pragma once

#include "ops/op.h"

namespace brainstate {

// out = x·y for batches of matrices [b, m, k] and [b, k, n], or for matrices without a batch. The operands may have any strides; out is dense.
class MatrixProduct {
public:
    MatrixProduct(DType operand, DType result, at::Device device);

    void run(const at::Tensor& x, const at::Tensor& y, at::Tensor out) const;

private:
    DType operand, result;
    at::Device device;

    void run_floats(const at::Tensor& x, const at::Tensor& y, at::Tensor& out) const;
    void run_integers(const at::Tensor& x, const at::Tensor& y, const at::Tensor& out) const;
};

// float32 products are not rounded to tf32 on the way.
void require_float32();

}  // namespace brainstate
