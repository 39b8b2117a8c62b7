#include "ops/composites.h"

#include <algorithm>

#include "ops/op.h"

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

struct Edges {
    Dims low, high;

    explicit Edges(const Value& padding) {
        for (const Value& pair : padding.tuple()) {
            low.push_back(pair.tuple()[0].integer());
            high.push_back(pair.tuple()[1].integer());
        }
    }

    bool is_symmetric() const { return low == high && std::all_of(low.begin(), low.end(), [](int64_t edge) { return edge >= 0; }); }

    // As constant_pad_nd wants them for a tensor with channels second: the last axis first. Negative ones cut off.
    Dims for_padding(int64_t sign) const {
        Dims result;
        for (size_t i = low.size(); i-- > 0;) {
            result.push_back(sign * low[i]);
            result.push_back(sign * high[i]);
        }
        return result;
    }
};

// (x, kernel, dy) to (dx, dkernel).
Kernel convolution_backward(const OpSite& site, const Parameters& attributes) {
    const auto rank = site.inputs[0].shape.size();
    if (!takes(site) || rank < 3 || rank > 5 || site.outputs.size() != 2) return nullptr;
    const Edges edges(attributes["padding"]);
    const Dims zeros(rank - 2, 0), strides = attribute_ints(attributes, "strides"), dilation = attribute_ints(attributes, "kernel_dilation");
    const int64_t groups = attributes["groups"].integer();
    const bool is_symmetric = edges.is_symmetric();
    return [=](const at::Tensor* in, at::Tensor* out) {
        const at::Tensor x = channels_second(in[0]), kernel = in[1].movedim(-1, 0).movedim(-1, 1), dy = channels_second(in[2]);
        const at::Tensor padded = is_symmetric ? x : at::constant_pad_nd(x, edges.for_padding(1));
        const auto [dx, dkernel, dbias] = at::convolution_backward(dy, padded, kernel, at::IntArrayRef{}, strides, is_symmetric ? edges.low : zeros, dilation, false, zeros, groups,
                                                                   {true, true, false});
        channels_second(out[0]).copy_(is_symmetric ? dx : at::constant_pad_nd(dx, edges.for_padding(-1)));
        out[1].movedim(-1, 0).movedim(-1, 1).copy_(dkernel);
    };
}

struct Pool {
    Dims size, strides, padding;

    // Windows over two axes, of which none lies over padding alone.
    static bool is_possible(const OpSite& site, const Parameters& attributes) {
        const Edges edges(attributes["padding"]);
        const Dims size = attribute_ints(attributes, "size");
        if (!takes(site) || size.size() != 2 || !edges.is_symmetric()) return false;
        for (size_t i = 0; i < size.size(); i++)
            if (edges.low[i] * 2 > size[i]) return false;
        return true;
    }

    explicit Pool(const Parameters& attributes) : size(attribute_ints(attributes, "size")), strides(attribute_ints(attributes, "strides")), padding(Edges(attributes["padding"]).low) {}
};

Kernel max_pool(const OpSite& site, const Parameters& attributes) {
    if (!Pool::is_possible(site, attributes)) return nullptr;
    return [pool = Pool(attributes)](const at::Tensor* in, at::Tensor* out) {
        channels_second(out[0]).copy_(at::max_pool2d(channels_second(in[0]), pool.size, pool.strides, pool.padding));
    };
}

// (x, dy) to dx.
Kernel max_pool_backward(const OpSite& site, const Parameters& attributes) {
    if (!Pool::is_possible(site, attributes)) return nullptr;
    return [pool = Pool(attributes)](const at::Tensor* in, at::Tensor* out) {
        const at::Tensor x = channels_second(in[0]);
        const Dims one(2, 1);
        const auto [y, chosen] = at::max_pool2d_with_indices(x, pool.size, pool.strides, pool.padding, one, false);
        channels_second(out[0]).copy_(at::max_pool2d_with_indices_backward(channels_second(in[1]), x, pool.size, pool.strides, pool.padding, one, false, chosen));
    };
}

Kernel avg_pool(const OpSite& site, const Parameters& attributes) {
    if (!Pool::is_possible(site, attributes)) return nullptr;
    return [pool = Pool(attributes), counts = attributes["count_padding"].integer() != 0](const at::Tensor* in, at::Tensor* out) {
        channels_second(out[0]).copy_(at::avg_pool2d(channels_second(in[0]), pool.size, pool.strides, pool.padding, false, counts));
    };
}

Kernel avg_pool_backward(const OpSite& site, const Parameters& attributes) {
    if (!Pool::is_possible(site, attributes)) return nullptr;
    return [pool = Pool(attributes), counts = attributes["count_padding"].integer() != 0](const at::Tensor* in, at::Tensor* out) {
        // Of x only the shape counts.
        const at::Tensor dx = channels_second(out[0]);
        dx.copy_(at::avg_pool2d_backward(channels_second(in[0]), dx, pool.size, pool.strides, pool.padding, false, counts, {}));
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
    if (!takes(site) || is_half(site.inputs[0].dtype)) return nullptr;
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
    if (entry == std::end(table)) return nullptr;
    Parameters attributes;
    for (const Value& pair : site.parameters["attributes"].tuple()) attributes.add(pair.tuple()[0].text(), pair.tuple()[1]);
    return entry->make(site, attributes);
}

}  // namespace brainstate
