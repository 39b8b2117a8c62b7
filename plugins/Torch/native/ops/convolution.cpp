#include "ops/convolution.h"

#include <algorithm>

#include "ops/composites.h"
#include "ops/edges.h"
#include "ops/matrices.h"
#include "ops/support.h"

namespace brainstate {

namespace {

// What ATen convolves.
bool is_native(const Convolution& c) { return is_floating(c.operand) && c.operand == c.output && c.rank() <= 3; }

// ATen wants a spatial axis.
void add_axis(Convolution& c) {
    for (Dims* sizes : {&c.image, &c.kernel, &c.result, &c.strides, &c.lhs_dilation, &c.rhs_dilation}) sizes->push_back(1);
    c.low.push_back(0);
    c.high.push_back(0);
}

// A batch of groups becomes one example with as many groups of features.
at::Tensor groups_as_features(const at::Tensor& image, int64_t groups) {
    Dims sizes = image.sizes().vec();
    const int64_t batch = sizes[0] / groups, features = sizes[1];
    Dims split = sizes;
    split[0] = groups;
    split.insert(split.begin() + 1, batch);
    sizes[0] = batch;
    sizes[1] = groups * features;
    return image.reshape(split).transpose(0, 1).reshape(sizes);
}

ConvolutionKernel choose(Convolution c, at::Device device) {
    if (is_native(c)) {
        if (c.rank() == 0) {
            add_axis(c);
            return [forward = choose(c, device)](const at::Tensor& image, const at::Tensor& kernel) {
                return forward(image.unsqueeze(-1), kernel.unsqueeze(-1)).squeeze(-1);
            };
        }
        if (c.batch_groups == 1)
            if (auto transposed = transposed_convolution(c)) return transposed;
        if (auto weight = weight_convolution(c)) return weight;
    }
    if (c.batch_groups > 1) {
        const int64_t groups = c.batch_groups;
        c.feature_groups = groups;
        c.batch_groups = 1;
        return [forward = choose(c, device), groups](const at::Tensor& image, const at::Tensor& kernel) {
            return forward(groups_as_features(image, groups), kernel);
        };
    }
    if (is_native(c)) return forward_convolution(c);
    return windowed_convolution(c, device);
}

}  // namespace

bool Convolution::is_dilated() const {
    return std::any_of(lhs_dilation.begin(), lhs_dilation.end(), [](int64_t d) { return d != 1; });
}

namespace {

// Padding as ATen takes it, the same at both ends, and what is added or cropped before.
struct SplitPadding {
    Dims both;
    std::vector<AxisPadding> before{2};

    // With `is_enough`, as much padding at the end as at the beginning adds no window.
    void add(int64_t low, int64_t high, int64_t interior, bool is_enough) {
        const bool extends = interior == 0 && low > std::max<int64_t>(0, high) && is_enough;
        const int64_t same = extends ? low : interior > 0 ? 0 : std::max<int64_t>(0, std::min(low, high));
        both.push_back(same);
        before.push_back({low - same, extends ? 0 : high - same, interior});
    }

    at::Tensor of(const at::Tensor& image) const {
        const bool does_nothing = std::all_of(before.begin(), before.end(), [](const AxisPadding& p) { return p == AxisPadding{}; });
        return does_nothing ? image : Padded(image.sizes().vec(), before).of(image, 0);
    }
};

}  // namespace

ConvolutionKernel forward_convolution(const Convolution& c) {
    SplitPadding padding;
    for (size_t i = 0; i < c.rank(); i++) {
        const bool is_enough = (c.image[i] + 2 * c.low[i] - c.extent(i)) / c.strides[i] + 1 == c.result[i];
        padding.add(c.low[i], c.high[i], c.lhs_dilation[i] - 1, is_enough);
    }
    return [c, padding](const at::Tensor& image, const at::Tensor& kernel) {
        return at::convolution(padding.of(image), kernel, {}, c.strides, padding.both, c.rhs_dilation, false, Dims(c.rank(), 0), c.feature_groups);
    };
}

// The kernel of the derivative is reversed, and has the features of each group exchanged.
ConvolutionKernel transposed_convolution(const Convolution& c) {
    if (!c.is_dilated() || std::any_of(c.strides.begin(), c.strides.end(), [](int64_t s) { return s != 1; })) return {};
    Dims padding, extra, axes;
    for (size_t i = 0; i < c.rank(); i++) {
        padding.push_back(c.extent(i) - 1 - c.low[i]);
        extra.push_back(c.high[i] - c.low[i]);
        if (padding[i] < 0 || extra[i] < 0 || extra[i] >= std::max(c.lhs_dilation[i], c.rhs_dilation[i])) return {};
        axes.push_back(static_cast<int64_t>(i) + 2);
    }
    return [c, padding, extra, axes](const at::Tensor& image, const at::Tensor& kernel) {
        Dims split = kernel.sizes().vec();
        split[0] /= c.feature_groups;
        split.insert(split.begin(), c.feature_groups);
        Dims exchanged = kernel.sizes().vec();
        exchanged[0] = c.feature_groups * kernel.size(1);
        exchanged[1] = split[1];
        const at::Tensor weight = at::flip(kernel, axes).reshape(split).transpose(1, 2).reshape(exchanged);
        return at::convolution(image, weight, {}, c.lhs_dilation, padding, c.rhs_dilation, true, extra, c.feature_groups);
    };
}

// result[n, o, u] = Σ image[n, i, u·stride + t·dilation − padding] · kernel[o, i, t] is the derivative with respect to the kernel of a
// convolution whose batch are these features, and whose features this batch; strides and dilations change places too.
ConvolutionKernel weight_convolution(const Convolution& c) {
    if (c.is_dilated() || c.feature_groups > 1 || count_of(c.kernel) <= count_of(c.result)) return {};
    SplitPadding padding;
    for (size_t i = 0; i < c.rank(); i++) {
        const int64_t reach = (c.result[i] - 1) * c.strides[i] + 1;
        const bool is_enough = (c.image[i] + 2 * c.low[i] - reach) / c.rhs_dilation[i] + 1 == c.kernel[i];
        padding.add(c.low[i], reach - 1 + c.extent(i) - c.image[i] - c.low[i], 0, is_enough);
    }
    return [c, padding](const at::Tensor& image, const at::Tensor& kernel) {
        // Each group of the batch is a group of the features of the input.
        const at::Tensor x = padding.of(image).transpose(0, 1), gradient = kernel.transpose(0, 1);
        const at::Tensor weight = at::empty(joined({kernel.size(0), image.size(0) / c.batch_groups}, c.result), image.options());
        const auto gradients = at::convolution_backward(gradient, x, weight, at::OptionalIntArrayRef(), c.rhs_dilation, padding.both, c.strides, false,
                                                        Dims(c.rank(), 0), c.batch_groups, {false, true, false});
        return std::get<1>(gradients).transpose(0, 1);
    };
}

// Windows are a view of the padded image; per group, their product with the kernel is one of matrices.
ConvolutionKernel windowed_convolution(const Convolution& c, at::Device device) {
    std::vector<AxisPadding> padding(2);
    for (size_t i = 0; i < c.rank(); i++) padding.push_back({c.low[i], c.high[i], c.lhs_dilation[i] - 1});
    const MatrixProduct product(c.operand, c.output, device);
    return [c, padding, product](const at::Tensor& image, const at::Tensor& kernel) {
        const at::Tensor x = Padded(image.sizes().vec(), padding).of(image, 0);
        const int64_t groups = c.feature_groups, batch = x.size(0), features = kernel.size(1), outputs = kernel.size(0) / groups;
        // [groups, batch, result…, features, kernel…]
        Dims sizes{groups, batch}, strides{features * x.stride(1), x.stride(0)};
        for (size_t i = 0; i < c.rank(); i++) {
            sizes.push_back(c.result[i]);
            strides.push_back(c.strides[i] * x.stride(static_cast<int64_t>(i) + 2));
        }
        sizes.push_back(features);
        strides.push_back(x.stride(1));
        for (size_t i = 0; i < c.rank(); i++) {
            sizes.push_back(c.kernel[i]);
            strides.push_back(c.rhs_dilation[i] * x.stride(static_cast<int64_t>(i) + 2));
        }
        const int64_t places = batch * count_of(c.result), terms = features * count_of(c.kernel);
        const at::Tensor windows = x.as_strided(sizes, strides).reshape({groups, places, terms});
        const at::Tensor weights = kernel.reshape({groups, outputs, terms}).transpose(1, 2);
        const at::Tensor result = at::empty({groups, places, outputs}, x.options().dtype(scalar_type(c.output)));
        product.run(windows, weights, result);
        return result.view(joined(joined({groups, batch}, c.result), {outputs}))
            .movedim(-1, 1)   // [groups, outputs, batch, result…]
            .reshape(joined({groups * outputs, batch}, c.result))
            .transpose(0, 1);
    };
}

Kernel make_convolution(const OpSite& site) {
    const Parameters& p = site.parameters;
    const Value::Tuple& numbers = p["dimension_numbers"].tuple();
    const Dims lhs = numbers.at(0).ints(), rhs = numbers.at(1).ints(), out = numbers.at(2).ints();
    const auto spatial = [](const Spec& spec, const Dims& axes) { return pick(spec.shape, Dims(axes.begin() + 2, axes.end())); };
    Convolution c{spatial(site.inputs[0], lhs), spatial(site.inputs[1], rhs), spatial(site.outputs[0], out), p["window_strides"].ints(), {}, {},
                  p["lhs_dilation"].ints(), p["rhs_dilation"].ints(), p["feature_group_count"].integer(), p["batch_group_count"].integer(), site.inputs[0].dtype, site.outputs[0].dtype};
    for (const Value& edges : p["padding"].tuple()) {
        c.low.push_back(edges.ints().at(0));
        c.high.push_back(edges.ints().at(1));
    }
    if (site.outputs[0].count() == 0) return [](const at::Tensor*, at::Tensor*) {};
    if (site.inputs[0].count() == 0 || site.inputs[1].count() == 0) return [](const at::Tensor*, at::Tensor* result) { result->zero_(); };
    const bool widens = is_half(c.operand) && site.is_cpu();
    if (widens) c.operand = DType::Float32;
    const bool narrows = is_half(c.output) && site.is_cpu();
    if (narrows) c.output = DType::Float32;
    if (!site.is_cpu()) require_float32();
    return [compute = choose(c, site.device), lhs, rhs, out, widens](const at::Tensor* in, at::Tensor* result) {
        const at::Tensor image = in[0].permute(lhs), kernel = in[1].permute(rhs);
        result->permute(out).copy_(widens ? compute(image.to(at::kFloat), kernel.to(at::kFloat)) : compute(image, kernel));
    };
}

namespace {

// As constant_pad_nd wants them for a tensor with channels second: the last axis first. Negative ones cut off.
Dims for_padding(const Edges& edges, int64_t sign) {
    Dims result;
    for (size_t i = edges.low.size(); i-- > 0;) {
        result.push_back(sign * edges.low[i]);
        result.push_back(sign * edges.high[i]);
    }
    return result;
}

}  // namespace

Kernel convolution_backward(const OpSite& site, const Parameters& attributes) {
    const auto rank = site.inputs[0].shape.size();
    if (!runs_in_libtorch(site) || rank < 3 || rank > 5 || site.outputs.size() != 2) return nullptr;
    const Edges edges(attributes["padding"]);
    const Dims zeros(rank - 2, 0), strides = attributes["strides"].ints(), dilation = attributes["kernel_dilation"].ints();
    const int64_t groups = attributes["groups"].integer();
    if (!site.is_cpu()) require_float32();
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

}  // namespace brainstate
