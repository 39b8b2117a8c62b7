#include "ops/normalization.h"

#include <cmath>

#include "ops/composites.h"
#include "ops/rows.h"

namespace brainstate {

Kernel softmax(const OpSite& site, const Parameters& attributes) {
    if (!runs_in_libtorch(site)) return nullptr;
    return [axis = attributes["axis"].integer()](const at::Tensor* in, at::Tensor* out) { at::_softmax_out(out[0], in[0], axis, false); };
}

Kernel log_softmax(const OpSite& site, const Parameters& attributes) {
    if (!runs_in_libtorch(site)) return nullptr;
    return [axis = attributes["axis"].integer()](const at::Tensor* in, at::Tensor* out) { at::_log_softmax_out(out[0], in[0], axis, false); };
}

Kernel softmax_backward(const OpSite& site, const Parameters& attributes) {
    if (!runs_in_libtorch(site)) return nullptr;
    return [axis = attributes["axis"].integer(), dtype = scalar_type(site.outputs[0].dtype)](const at::Tensor* in, at::Tensor* out) {
        at::_softmax_backward_data_out(out[0], in[1], in[0], axis, dtype);
    };
}

Kernel log_softmax_backward(const OpSite& site, const Parameters& attributes) {
    if (!runs_in_libtorch(site)) return nullptr;
    return [axis = attributes["axis"].integer(), dtype = scalar_type(site.outputs[0].dtype)](const at::Tensor* in, at::Tensor* out) {
        at::_log_softmax_backward_data_out(out[0], in[1], in[0], axis, dtype);
    };
}

Kernel layer_norm(const OpSite& site, const Parameters& attributes) {
    const Dims& shape = site.inputs[0].shape;
    const bool has_scale = attributes["scale"].integer() != 0, has_bias = attributes["bias"].integer() != 0;
    if (!runs_in_libtorch(site) || is_half(site.inputs[0].dtype) || (site.outputs.size() != 1 && site.outputs.size() != 3)) return nullptr;
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

Kernel layer_norm_backward(const OpSite& site, const Parameters& attributes) {
    const Dims& shape = site.inputs[0].shape;
    const bool has_scale = attributes["scale"].integer() != 0, has_bias = attributes["bias"].integer() != 0;
    if (!runs_in_libtorch(site) || is_half(site.inputs[0].dtype)) return nullptr;
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

namespace {

// A tensor around its channels, on cpu.
class Channels {
public:
    Channels(const Dims& shape, int64_t axis) : lines(shape, axis) {}

    int64_t count() const { return lines.size; }
    int64_t elements_of_each() const { return lines.outer * lines.inner; }

    // The sum over each channel of element(i, channel), where i counts the elements of the tensor. Sums of blocks are added up in float64 and in the order of the blocks.
    template <class T, class F>
    std::vector<T> sums(F&& element) const {
        const int64_t channels = lines.size, block = lines.inner == 1 ? 64 : 1, blocks = (lines.outer + block - 1) / block;
        std::vector<T> parts(blocks * channels);
        for_outer(block, [&](int64_t begin, int64_t end) {
            T* part = parts.data() + begin / block * channels;
            if (lines.inner > 1)
                for (int64_t c = 0; c < channels; c++)
                    part[c] = total_of<T>(lines.inner, [&, first = (begin * channels + c) * lines.inner](int64_t i) { return element(first + i, c); });
            else
                for (int64_t row = begin; row < end; row++)
#pragma GCC ivdep
                    for (int64_t c = 0; c < channels; c++) part[c] += element(row * channels + c, c);
        });
        std::vector<double> totals(channels);
        for (int64_t i = 0; i < blocks; i++)
            for (int64_t c = 0; c < channels; c++) totals[c] += parts[i * channels + c];
        return {totals.begin(), totals.end()};
    }

    // Sets y[i] = element(i, channel).
    template <class T, class F>
    void fill(T* y, F&& element) const {
        const int64_t channels = lines.size, block = lines.inner == 1 ? 64 : 1;
        for_outer(block, [&](int64_t begin, int64_t end) {
            for (int64_t row = begin; row < end; row++) {
                if (lines.inner > 1)
                    for (int64_t c = 0; c < channels; c++)
#pragma GCC ivdep
                        for (int64_t i = (row * channels + c) * lines.inner, after = i + lines.inner; i < after; i++) y[i] = element(i, c);
                else
#pragma GCC ivdep
                    for (int64_t c = 0; c < channels; c++) y[row * channels + c] = element(row * channels + c, c);
            }
        });
    }

private:
    Lines lines;

    // Calls f(begin, end) with blocks of the outer axes.
    template <class F>
    void for_outer(int64_t block, F&& f) const {
        const int64_t blocks = (lines.outer + block - 1) / block;
        at::parallel_for(0, blocks, 1 + 16384 / (block * lines.size * lines.inner), [&](int64_t begin, int64_t end) {
            for (int64_t i = begin; i < end; i++) f(i * block, std::min(lines.outer, (i + 1) * block));
        });
    }
};

// On a device: mean and variance in one pass, then y as if they had been given.
Kernel batch_norm_on_device(const OpSite& site, int64_t axis, bool has_scale, bool has_bias, double epsilon) {
    const auto rank = static_cast<int64_t>(site.inputs[0].shape.size());
    if (rank < 2 || is_half(site.inputs[0].dtype)) return nullptr;
    return [=, others = axes_except(rank, {axis}), keeps_rstd = site.outputs.size() > 3](const at::Tensor* in, at::Tensor* out) {
        const at::Tensor none, scale = has_scale ? in[1] : none, bias = has_bias ? in[has_scale ? 2 : 1] : none;
        const auto [variance, mean] = at::var_mean(in[0], others, false, false);
        out[0].movedim(axis, 1).copy_(std::get<0>(at::native_batch_norm(in[0].movedim(axis, 1), scale, bias, mean, variance, false, 0, epsilon)));
        out[1].copy_(mean);
        out[2].copy_(variance);
        if (keeps_rstd) at::rsqrt_out(out[3], at::add(variance, epsilon));
    };
}

}  // namespace

Kernel batch_norm(const OpSite& site, const Parameters& attributes) {
    const bool has_scale = attributes["scale"].integer() != 0, has_bias = attributes["bias"].integer() != 0;
    const int64_t axis = attributes["axis"].integer();
    const double epsilon = attributes["epsilon"].real();
    if (!runs_in_libtorch(site) || site.outputs.size() < 3) return nullptr;
    if (!site.is_cpu()) return batch_norm_on_device(site, axis, has_scale, has_bias, epsilon);
    return [=, channels = Channels(site.inputs[0].shape, axis), dtype = site.inputs[0].dtype, keeps_rstd = site.outputs.size() > 3](const at::Tensor* in, at::Tensor* out) {
        const at::Tensor input = in[0].contiguous(), scales = has_scale ? in[1].contiguous() : at::Tensor(), biases = has_bias ? in[has_scale ? 2 : 1].contiguous() : at::Tensor();
        with_real(dtype, [&](auto type) {
            using T = decltype(type);
            const auto count = static_cast<T>(channels.elements_of_each());
            const T* x = elements_of<T>(input);
            T *mean = elements_of<T>(out[1]), *variance = elements_of<T>(out[2]);
            const std::vector<T> sums = channels.sums<T>([=](int64_t i, int64_t) { return x[i]; });
            for (int64_t c = 0; c < channels.count(); c++) mean[c] = sums[c] / count;
            const std::vector<T> squares = channels.sums<T>([=](int64_t i, int64_t c) { return (x[i] - mean[c]) * (x[i] - mean[c]); });
            std::vector<T> factors(channels.count()), shifts(channels.count());
            for (int64_t c = 0; c < channels.count(); c++) {
                variance[c] = squares[c] / count;
                const T rstd = 1 / std::sqrt(variance[c] + static_cast<T>(epsilon));
                if (keeps_rstd) elements_of<T>(out[3])[c] = rstd;
                factors[c] = has_scale ? rstd * elements_of<T>(scales)[c] : rstd;
                if (has_bias) shifts[c] = elements_of<T>(biases)[c];
            }
            const T *factor = factors.data(), *shift = shifts.data();
            channels.fill(elements_of<T>(out[0]), [=](int64_t i, int64_t c) { return (x[i] - mean[c]) * factor[c] + shift[c]; });
        });
    };
}

Kernel batch_norm_backward(const OpSite& site, const Parameters& attributes) {
    const bool has_scale = attributes["scale"].integer() != 0, has_bias = attributes["bias"].integer() != 0;
    if (!runs_in_libtorch(site) || !site.is_cpu() || site.outputs.size() != 1u + has_scale + has_bias) return nullptr;
    return [=, channels = Channels(site.inputs[0].shape, attributes["axis"].integer()), dtype = site.inputs[0].dtype](const at::Tensor* in, at::Tensor* out) {
        std::vector<at::Tensor> dense;
        for (int64_t i = 0; i < 6 + has_scale; i++) dense.push_back(in[i].contiguous());
        with_real(dtype, [&](auto type) {
            using T = decltype(type);
            const auto count = static_cast<T>(channels.elements_of_each());
            const at::Tensor* rest = dense.data() + (has_scale ? 2 : 1);
            const T *x = elements_of<T>(dense[0]), *mean = elements_of<T>(rest[0]), *rstd = elements_of<T>(rest[1]), *dy = elements_of<T>(rest[2]);
            const T *dmean = elements_of<T>(rest[3]), *dvariance = elements_of<T>(rest[4]);
            const std::vector<T> dbias = channels.sums<T>([=](int64_t i, int64_t) { return dy[i]; });
            const std::vector<T> products = channels.sums<T>([=](int64_t i, int64_t c) { return dy[i] * (x[i] - mean[c]); });
            // Every term of dx is a number per channel times dy, x − mean or 1.
            std::vector<T> on_dy(channels.count()), on_centered(channels.count()), constant(channels.count());
            for (int64_t c = 0; c < channels.count(); c++) {
                const T dscale = rstd[c] * products[c];
                on_dy[c] = has_scale ? rstd[c] * elements_of<T>(dense[1])[c] : rstd[c];
                on_centered[c] = (2 * dvariance[c] - on_dy[c] * rstd[c] * dscale) / count;
                constant[c] = (dmean[c] - on_dy[c] * dbias[c]) / count;
                if (has_scale) elements_of<T>(out[1])[c] = dscale;
                if (has_bias) elements_of<T>(out[has_scale ? 2 : 1])[c] = dbias[c];
            }
            const T *a = on_dy.data(), *b = on_centered.data(), *d = constant.data();
            channels.fill(elements_of<T>(out[0]), [=](int64_t i, int64_t c) { return a[c] * dy[i] + b[c] * (x[i] - mean[c]) + d[c]; });
        });
    };
}

}  // namespace brainstate
