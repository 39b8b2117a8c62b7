// Convolutions: through ATen's where it has them, and as products of matrices of windows where not.
#pragma once

#include "ops/op.h"
#include "ops/padding.h"

namespace brainstate {

// The geometry of a convolution over the spatial axes, and its groups.
struct Convolution {
    Dims image, kernel, result;                      // sizes
    Dims strides, low, high, lhs_dilation, rhs_dilation;
    int64_t feature_groups, batch_groups;
    DType operand, output;

    size_t rank() const { return image.size(); }
    bool is_dilated() const;  // the image
    int64_t extent(size_t axis) const { return (kernel[axis] - 1) * rhs_dilation[axis] + 1; }
};

// Computes a result [n, o, spatial…] from an image [n, i, spatial…] and a kernel [o, i, spatial…].
using ConvolutionKernel = std::function<at::Tensor(const at::Tensor& image, const at::Tensor& kernel)>;

// The ways to compute one; an empty function where a way does not apply.
ConvolutionKernel forward_convolution(const Convolution& site);
ConvolutionKernel transposed_convolution(const Convolution& site);   // of a dilated image, as the derivative with respect to the image
ConvolutionKernel weight_convolution(const Convolution& site);       // with a kernel larger than the result, as the derivative with respect to the kernel
ConvolutionKernel windowed_convolution(const Convolution& site, at::Device device);

Kernel make_convolution(const OpSite& site);

// The composite's gradient: (x, kernel, dy) to (dx, dkernel), channels last.
Kernel convolution_backward(const OpSite& site, const Parameters& attributes);

}  // namespace brainstate
