#include "ops/composites.h"

#include <algorithm>

#include "ops/edges.h"
#include "ops/op.h"
#include "ops/pooling.h"

namespace brainstate {

namespace {

// libtorch's kernels for these take float32 and float64 everywhere; on cuda also half precision.
bool takes(const OpSite& site) {
    return std::all_of(site.inputs.begin(), site.inputs.end(), [&](const Spec& spec) {
        return spec.count() > 0 && (spec.dtype == DType::Float32 || spec.dtype == DType::Float64 || (is_half(spec.dtype) && !site.is_cpu()));
    });
}

Dims attribute_ints(const Parameters& attributes, const char* name) { return attributes[name].ints(); }

// The permutation that moves the last axis to place 1: channels-last tensors as libtorch sees them. Libtorch recognises the strides and computes on them as they are.
at::Tensor channels_second(const at::Tensor& x) { return x.movedim(-1, 1); }

// As constant_pad_nd wants them for a tensor with channels second: the last axis first. Negative ones cut off.
Dims for_padding(const Edges& edges, int64_t sign) {
    Dims result;
    for (size_t i = edges.low.size(); i-- > 0;) {
        result.push_back(sign * edges.low[i]);
        result.push_back(sign * edges.high[i]);
    }
    return result;
}

// (x, kernel, dy) to (dx, dkernel).
Kernel convolution_backward(const OpSite& site, const Parameters& attributes) {
    const auto rank = site.inputs[0].shape.size();
    if (!takes(site) || rank < 3 || rank > 5 || site.outputs.size() != 2) return nullptr;
    const Edges edges(attributes["padding"]);
    const Dims zeros(rank - 2, 0), strides = attribute_ints(attributes, "strides"), dilation = attribute_ints(attributes, "kernel_dilation");
    const int64_t groups = attributes["groups"].integer();
    const bool is_symmetric = edges.is_symmetric(), needs_dx = site.is_wanted(0), needs_dkernel = site.is_wanted(1);
    return [=](const at::Tensor* in, at::Tensor* out) {
        const at::Tensor x = channels_second(in[0]), kernel = in[1].movedim(-1, 0).movedim(-1, 1), dy = channels_second(in[2]);
        const at::Tensor padded = is_symmetric ? x : at::constant_pad_nd(x, for_padding(edges, 1));
        const auto [dx, dkernel, dbias] = at::convolution_backward(dy, padded, kernel, at::IntArrayRef{}, strides, is_symmetric ? edges.low : zeros, dilation, false, zeros, groups,
                                                                   {needs_dx, needs_dkernel, false});
        if (needs_dx) channels_second(out[0]).copy_(is_symmetric ? dx : at::constant_pad_nd(dx, for_padding(edges, -1)));
        if (needs_dkernel) out[1].movedim(-1, 0).movedim(-1, 1).copy_(dkernel);
    };
}

Kernel softmax(const OpSite& site, const Parameters& attributes) {
    if (!takes(site)) return nullptr;
    return [axis = attributes["axis"].integer()](const at::Tensor* in, at::Tensor* out) { at::_softmax_out(out[0], in[0], axis, false); };
}

Kernel log_softmax(const OpSite& site, const Parameters& attributes) {
    if (!takes(site)) return nullptr;
    return [axis = attributes["axis"].integer()](const at::Tensor* in, at::Tensor* out) { at::_log_softmax_out(out[0], in[0], axis, false); };
}

// (y, dy) to dx.
Kernel softmax_backward(const OpSite& site, const Parameters& attributes) {
    if (!takes(site)) return nullptr;
    return [axis = attributes["axis"].integer(), dtype = scalar_type(site.outputs[0].dtype)](const at::Tensor* in, at::Tensor* out) {
        at::_softmax_backward_data_out(out[0], in[1], in[0], axis, dtype);
    };
}

Kernel log_softmax_backward(const OpSite& site, const Parameters& attributes) {
    if (!takes(site)) return nullptr;
    return [axis = attributes["axis"].integer(), dtype = scalar_type(site.outputs[0].dtype)](const at::Tensor* in, at::Tensor* out) {
        at::_log_softmax_backward_data_out(out[0], in[1], in[0], axis, dtype);
    };
}

// (x, scale?, bias?) to y, and forwards also mean and rstd.
Kernel layer_norm(const OpSite& site, const Parameters& attributes) {
    const Dims& shape = site.inputs[0].shape;
    const bool has_scale = attributes["scale"].integer() != 0, has_bias = attributes["bias"].integer() != 0;
    if (!takes(site) || is_half(site.inputs[0].dtype) || (site.outputs.size() != 1 && site.outputs.size() != 3)) return nullptr;
    const Dims normalized(shape.end() - attributes["axis_count"].integer(), shape.end());
    return [=, epsilon = attributes["epsilon"].real(), count = site.outputs.size()](const at::Tensor* in, at::Tensor* out) {
        const at::Tensor none;
        const auto [y, mean, rstd] = at::native_layer_norm(in[0], normalized, has_scale ? in[1] : none, has_bias ? in[has_scale ? 2 : 1] : none, epsilon);
        out[0].copy_(y);
        if (count < 3) return;
        out[1].copy_(mean.reshape(out[1].sizes()));
        out[2].copy_(rstd.reshape(out[2].sizes()));
    };
}

// (x, scale?, mean, rstd, dy) to (dx, dscale?, dbias?).
Kernel layer_norm_backward(const OpSite& site, const Parameters& attributes) {
    const Dims& shape = site.inputs[0].shape;
    const bool has_scale = attributes["scale"].integer() != 0, has_bias = attributes["bias"].integer() != 0;
    if (!takes(site) || is_half(site.inputs[0].dtype)) return nullptr;
    // A gradient that is dy as it is does not count among the results.
    if (site.outputs.size() != 1u + has_scale + has_bias) return nullptr;
    const Dims normalized(shape.end() - attributes["axis_count"].integer(), shape.end());
    return [=](const at::Tensor* in, at::Tensor* out) {
        const at::Tensor none, scale = has_scale ? in[1] : none;
        const at::Tensor* rest = in + (has_scale ? 2 : 1);
        const at::Tensor bias = has_bias ? (has_scale ? scale : at::empty(normalized, in[0].options())) : none;  // only whether it is there counts
        const auto [dx, dscale, dbias] =
            at::native_layer_norm_backward(rest[2].contiguous(), in[0].contiguous(), normalized, rest[0], rest[1], scale, bias, {true, has_scale, has_bias});
        out[0].copy_(dx);
        if (has_scale) out[1].copy_(dscale);
        if (has_bias) out[has_scale ? 2 : 1].copy_(dbias);
    };
}

struct CompositeEntry {
    const char* name;
    Kernel (*make)(const OpSite&, const Parameters&);
};

constexpr CompositeEntry table[] = {
    {"conv.bwd", convolution_backward},
    {"max_pool", max_pool}, {"max_pool.fwd", max_pool}, {"max_pool.bwd", max_pool_backward},
    {"avg_pool", avg_pool}, {"avg_pool.fwd", avg_pool}, {"avg_pool.bwd", avg_pool_backward},
    {"softmax", softmax}, {"softmax.fwd", softmax}, {"softmax.bwd", softmax_backward},
    {"log_softmax", log_softmax}, {"log_softmax.fwd", log_softmax}, {"log_softmax.bwd", log_softmax_backward},
    {"layer_norm", layer_norm}, {"layer_norm.fwd", layer_norm}, {"layer_norm.bwd", layer_norm_backward},
};

}  // namespace

Kernel composite_kernel(const std::string& name, const OpSite& site) {
    const auto entry = std::find_if(std::begin(table), std::end(table), [&](const CompositeEntry& item) { return name == item.name; });
    if (entry == std::end(table) || site.outputs.empty()) return nullptr;
    Parameters attributes;
    for (const Value& pair : site.parameters["attributes"].tuple()) attributes.add(pair.tuple()[0].text(), pair.tuple()[1]);
    return entry->make(site, attributes);
}

}  // namespace brainstate
